import { User, Viewer } from '../accounts/schema.ts';
import { pageArguments, pageByTime } from '../schema/pages-by-time.ts';
import { Memory, MemoryKind } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { findNodeBy, Node } from '../schema/node.ts';
import { notes } from '../schema/notes.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import { findGrant, listGrants } from './find-grant.ts';
import type { Grant as GrantShape, grantLevels, GrantRule as GrantRuleShape } from './grant.ts';
import { Grantee, granteeOf } from './principal-schema.ts';

export const GrantLevel = builder.enumType('GrantLevel', {
  description: 'What a share allows, each more than the one before.',
  values: {
    READ: { description: 'To see it, list it and find it.' },
    WRITE: { description: 'To change its text, its language and when it happened as well.' },
    SHARE: { description: 'To pass it on as well, with READ or WRITE, as long as they have it themselves.' },
  } satisfies Record<(typeof grantLevels)[number], object>,
});

const GrantRule = builder.objectRef<GrantRuleShape>('GrantRule').implement({
  description:
    'Which memories of its owner a share is about, those to come included. An empty list does not narrow.',
  fields: (t) => ({
    tags: t.exposeStringList('tags', { description: 'All of these.' }),
    kinds: t.expose('kinds', { type: [MemoryKind], description: 'Any of these.' }),
    sources: t.exposeStringList('sources', { description: 'Any of these.' }),
    thread: t.exposeString('thread', { nullable: true }),
  }),
});

export const Grant = builder.objectRef<GrantShape>('Grant').implement({
  description: 'A share: one memory, or all that fit a rule, and who may see them by it.',
  interfaces: [Node],
  fields: (t) => ({
    memory: t.withAuth({ scope: 'memories:read' }).field({
      type: Memory,
      nullable: true,
      description: 'Null for a share by rule, and where you may no longer see it.',
      resolve: ({ memoryId }, _args, { loaders }) =>
        memoryId === null ? null : loaders.memories.load(memoryId),
    }),
    rule: t.expose('rule', {
      type: GrantRule,
      nullable: true,
      description: 'Null for a share of one memory.',
    }),
    grantee: t.field({ type: Grantee, resolve: (grant, _args, context) => granteeOf(grant, context) }),
    level: t.expose('level', { type: GrantLevel }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From then on it lets nobody in. Null: it has no end.',
    }),
    grantedBy: t.field({
      type: User,
      nullable: true,
      description: 'The owner, or who passed it on. Null for somebody you may not see.',
      resolve: ({ grantedBy }, _args, { loaders }) => loaders.accounts.load(grantedBy),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

findNodeBy('Grant', findGrant);

const GrantEdge = builder.objectRef<{ cursor: string; node: GrantShape }>('GrantEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: Grant }) }),
});
const GrantConnection = builder.objectRef<Page<GrantShape>>('GrantConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [GrantEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

builder.objectField(Viewer, 'grants', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: GrantConnection,
    description: 'What you shared, and passed on of others’, and what is not over; newest first.',
    args: pageArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) =>
      pageByTime(
        args,
        (after, limit) => listGrants(services, viewer, after, limit),
        ({ createdAt, id }) => ({ at: createdAt, id }),
      ),
  }),
);
