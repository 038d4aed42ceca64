import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { Memory } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { Grant } from './grants-schema.ts';
import { listAccess, type MemoryAccess as MemoryAccessShape } from './list-access.ts';
import { everyone, granteeOf, Principal } from './principal-schema.ts';

const AccessLevel = builder.enumType('AccessLevel', {
  description: 'What somebody may do with a memory, the most first.',
  values: {
    OWNER: {
      description:
        'All, and alone: tags, kind, source, thread, visibility and end, the trash and the history.',
    },
    SHARE: { description: 'Change its text and pass it on.' },
    WRITE: { description: 'Change its text.' },
    READ: { description: 'See it.' },
  },
});

const AccessPath = builder.enumType('AccessPath', {
  description: 'Why somebody may see a memory.',
  values: {
    OWNER: { description: 'It is theirs.' },
    DIRECT: { description: 'It was shared with them.' },
    GROUP: { description: 'It was shared with the group.' },
    RULE: {
      description: 'It fits a rule that was shared with the person or group; `grant.rule` tells which.',
    },
    PUBLIC: { description: 'It is public.' },
  },
});

const MemoryAccess = builder.objectRef<MemoryAccessShape>('MemoryAccess').implement({
  description: 'One reason for which somebody may see a memory.',
  fields: (t) => ({
    principal: t.field({
      type: Principal,
      resolve: (access, _args, context) => (access.path === 'PUBLIC' ? everyone : granteeOf(access, context)),
    }),
    level: t.expose('level', { type: AccessLevel }),
    via: t.expose('path', { type: AccessPath }),
    grant: t.expose('grant', {
      type: Grant,
      nullable: true,
      description: 'The share, where one is the reason.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When this reason ends, with the share, with what it was passed on from, or with the memory.',
    }),
  }),
});
const MemoryAccessEdge = builder
  .objectRef<{ cursor: string; node: MemoryAccessShape }>('MemoryAccessEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: MemoryAccess }) }),
  });
const MemoryAccessConnection = builder
  .objectRef<Page<MemoryAccessShape>>('MemoryAccessConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [MemoryAccessEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

builder.objectFields(Memory, (t) => ({
  viewerLevel: t.withAuth({ scope: 'memories:read' }).field({
    type: AccessLevel,
    description: 'What you may do with it.',
    resolve: ({ id, ownerId }, _args, { loaders, viewer }) =>
      ownerId === viewer.id ? 'OWNER' : loaders.levels.load(id),
  }),
  access: t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryAccessConnection,
    description:
      'Who may see it now, and why: the owner first. Whoever is not its owner learns of the owner, of what lets themselves in, ' +
      'and of those they passed it on to.',
    args: pageArguments,
    extensions: notes({ cost: 2, sizedBy: 'first' }),
    resolve: ({ id }, args, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listAccess(services, viewer, id, after, limit),
        ({ at, id: entry }) => ({ at, id: entry }),
      ),
  }),
}));
