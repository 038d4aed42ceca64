import { User, Viewer } from '../accounts/schema.ts';
import type { Viewer as ViewerShape } from '../accounts/viewer.ts';
import { Memory } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { pageArguments, pageByTime, type PageArguments } from '../schema/pages-by-time.ts';
import { pageInfo, PageInfo, type Page } from '../schema/pagination.ts';
import type { Services } from '../services.ts';
import { getDaysKept, listReads } from './list-reads.ts';
import type { MemoryRead as MemoryReadShape, ReadingApp as ReadingAppShape, ReadWay as Way } from './read.ts';

const ReadWay = builder.enumType('ReadWay', {
  description: 'How a text was come by.',
  values: {
    LIST: { description: 'In a list, which an export is too.' },
    SEARCH: { description: 'Found by a search.' },
    LOOKUP: { description: 'Asked for by its id.' },
    HISTORY: { description: 'An earlier version of it.' },
    CHANGE: { description: 'In the answer to a change of it.' },
  } satisfies Record<Way, object>,
});

const ReadingFace = builder.enumType('ReadingFace', {
  description: 'Where somebody reads.',
  values: {
    GRAPHQL: {
      value: 'graphql',
      description: 'An app that asks over GraphQL, also `picard` and hosts over stdio.',
    },
    MCP: { value: 'mcp', description: 'An assistant.' },
    REST: { value: 'rest', description: '`POST /api/tools`.' },
    CLI: { value: 'cli', description: '`picard` on the machine of the data, without a server.' },
  } as const satisfies Record<string, { value: MemoryReadShape['face']; description: string }>,
});

const ReadingAppKind = builder.enumType('ReadingAppKind', {
  values: {
    APP: { description: 'An app that was let in by its user.' },
    KEY: { description: 'An API key.' },
  } satisfies Record<ReadingAppShape['kind'], object>,
});

const ReadingApp = builder.objectRef<ReadingAppShape>('ReadingApp').implement({
  description: 'What somebody read with.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ReadingAppKind }),
    id: t.exposeID('id', {
      nullable: true,
      description:
        'The client id or the API key; null for another person’s key, and where the reader is gone.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description:
        'As you know it. Null for what another person uses, and for what you disconnected or revoked.',
    }),
  }),
});

const MemoryRead = builder.objectRef<MemoryReadShape>('MemoryRead').implement({
  description:
    'That somebody saw the text of a memory: all of it by one app within an hour of the clock (UTC).',
  fields: (t) => ({
    memoryId: t.exposeID('memoryId'),
    memory: t.withAuth({ scope: 'memories:read' }).field({
      type: Memory,
      nullable: true,
      description: 'Whoever asks for its text here sees it too.',
      resolve: ({ memoryId }, _args, { loaders }) => loaders.memories.load(memoryId),
    }),
    reader: t.field({
      type: User,
      nullable: true,
      description: 'You yourself, where an app or a key of yours read. Null where the account is gone.',
      resolve: ({ readerId }, _args, { loaders }) => (readerId ? loaders.accounts.load(readerId) : null),
    }),
    app: t.expose('app', { type: ReadingApp }),
    face: t.expose('face', { type: ReadingFace }),
    way: t.expose('way', { type: ReadWay }),
    firstAt: t.expose('firstAt', { type: 'DateTime' }),
    lastAt: t.expose('lastAt', { type: 'DateTime' }),
    count: t.exposeInt('count', { description: 'How often.' }),
  }),
});

const MemoryReadEdge = builder
  .objectRef<{ cursor: string; node: MemoryReadShape }>('MemoryReadEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: MemoryRead }) }),
  });
const MemoryReadConnection = builder.objectRef<Page<MemoryReadShape>>('MemoryReadConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [MemoryReadEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
  }),
});

const readsPage = (
  services: Services,
  viewer: ViewerShape,
  memoryId: string | null,
  args: PageArguments,
): Promise<Page<MemoryReadShape>> =>
  pageByTime(
    args,
    (after, limit) => listReads(services, viewer, memoryId, after, limit),
    ({ firstAt, id }) => ({ at: firstAt, id }),
  );

builder.objectField(Memory, 'seen', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryReadConnection,
    nullable: true,
    description:
      'Who saw its text, and through which apps, newest first; what was read within the last second may lack. For its ' +
      'owner alone: null to anybody else.',
    args: pageArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: ({ id, ownerId }, args, { services, viewer }) =>
      ownerId === viewer.id ? readsPage(services, viewer, id, args) : null,
  }),
);

builder.objectField(Viewer, 'reads', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryReadConnection,
    description: 'Who saw your own memories, and through which apps, newest first.',
    args: pageArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) => readsPage(services, viewer, null, args),
  }),
);

builder.objectField(Viewer, 'readsKeptDays', (t) =>
  t.withAuth({ scope: 'memories:read' }).int({
    description: 'For how many days it is kept who saw your memories; 0: not at all.',
    extensions: notes({ cost: 1 }),
    resolve: (_viewer, _args, { services, viewer }) => getDaysKept(services, viewer),
  }),
);
