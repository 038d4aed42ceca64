import { clearText } from '../clear-text.ts';
import { checked } from '../invalid-input.ts';
import { User, Viewer } from '../accounts/schema.ts';
import type { Viewer as ViewerShape } from '../accounts/viewer.ts';
import { pendingEmbeddings } from '../index/pending-embeddings.ts';
import type { MemoryFilter as Filter } from './filter.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  isCount,
  isInstant,
  page,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { isId } from '../id.ts';
import { checkedFilter } from './checked-filter.ts';
import type { Services } from '../services.ts';
import { MemoryFilter } from './filter-schema.ts';
import { findMemory } from './find-memories.ts';
import { countMemories, listMemories, listTags } from './list-memories.ts';
import type { Memory as MemoryShape } from './memory.ts';
import type { MemoryOrder as Order } from './memory-order.ts';
import { Memory } from './schema.ts';

const MemoryOrder = builder.enumType('MemoryOrder', {
  description: 'How a list is sorted; equal keys by id.',
  values: {
    CREATED_DESC: {},
    CREATED_ASC: {},
    MODIFIED_DESC: {},
    MODIFIED_ASC: {},
    OCCURRED_DESC: { description: 'By occurredAt; a memory without it counts by when it was made.' },
    OCCURRED_ASC: {},
    POSITION_ASC: { description: 'By the place in the thread; memories without one come last.' },
  } satisfies Record<Order, object>,
});

const MemoryEdge = builder.objectRef<{ cursor: string; node: MemoryShape }>('MemoryEdge').implement({
  fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: Memory }) }),
});

interface MemoryPage extends Page<MemoryShape> {
  filter: Filter;
}

const MemoryConnection = builder.objectRef<MemoryPage>('MemoryConnection').implement({
  fields: (t) => ({
    edges: t.expose('edges', { type: [MemoryEdge] }),
    pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    totalCount: t.withAuth({ scope: 'memories:read' }).int({
      description: 'How many there are on all pages.',
      extensions: notes({ cost: 10 }),
      resolve: ({ filter }, _args, { services, viewer }) => countMemories(services, viewer, filter),
    }),
  }),
});

const listArguments = builder.args((t) => ({
  first: t.int({ defaultValue: 20, description: 'At most 100.' }),
  after: t.string({ description: 'The `endCursor` of the page before.' }),
  filter: t.field({ type: MemoryFilter }),
  order: t.field({ type: MemoryOrder, defaultValue: 'CREATED_DESC' }),
}));

interface ListArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: Filter | null | undefined;
  order?: Order | null | undefined;
}

async function memoryPage(
  services: Services,
  viewer: ViewerShape,
  args: ListArguments,
  owner: string | null,
): Promise<MemoryPage> {
  const first = checkedFirst(args.first, 20);
  const order = args.order ?? 'CREATED_DESC';
  const after = decodeCursor(args.after, (parts): parts is [Order, string, string] =>
    isCursorOf(order, parts),
  );
  const filter = checkedFilter({ ...args.filter, ...(owner !== null && { owner }) });
  const rows = await listMemories(services, viewer, {
    filter,
    order,
    after: after && { key: after[1], id: after[2] },
    limit: first + 1,
  });
  return { ...page(rows, first, after, ({ sortKey, id }) => encodeCursor([order, sortKey, id])), filter };
}

/** A cursor tells the order it was made in: under another one its place would mean nothing. */
function isCursorOf(order: Order, parts: unknown): boolean {
  if (!Array.isArray(parts) || parts.length !== 3) return false;
  const [made, key, id] = parts as unknown[];
  const isKey = order === 'POSITION_ASC' ? /^\d+$/.test(String(key)) && isCount(Number(key)) : isInstant(key);
  return made === order && typeof key === 'string' && isKey && typeof id === 'string' && isId(id);
}

builder.queryField('memory', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: Memory,
    nullable: true,
    description: 'The memory with this id, if you may see it; your own also from the trash.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, viewer }) => findMemory(services, viewer, id),
  }),
);

builder.queryField('memories', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryConnection,
    description: 'Every memory that you may see, whoever owns it.',
    args: listArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_root, args, { services, viewer }) => memoryPage(services, viewer, args, null),
  }),
);

builder.objectField(Viewer, 'memories', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryConnection,
    description: 'Your own memories.',
    args: listArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) => memoryPage(services, viewer, args, viewer.id),
  }),
);

builder.objectField(User, 'memories', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryConnection,
    description: 'Their memories, as far as you may see them.',
    args: listArguments,
    extensions: notes({ sizedBy: 'first' }),
    resolve: ({ id }, args, { services, viewer }) => memoryPage(services, viewer, args, id),
  }),
);

const TagCount = builder.objectRef<{ tag: string; memories: number }>('TagCount').implement({
  description: 'A tag, and how many memories bear it.',
  fields: (t) => ({ tag: t.exposeString('tag'), memories: t.exposeInt('memories') }),
});

builder.objectField(Viewer, 'tags', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: [TagCount],
    description: 'The tags of the memories that you may see, most used first.',
    args: {
      startsWith: t.arg.string({ defaultValue: '', description: 'In small or capital letters alike.' }),
      first: t.arg.int({ defaultValue: 20 }),
    },
    extensions: notes({ cost: 10, sizedBy: 'first' }),
    resolve: (_viewer, args, { services, viewer }) =>
      listTags(
        services,
        viewer,
        checked('startsWith', clearText, args.startsWith ?? ''),
        checkedFirst(args.first, 20),
      ),
  }),
);

builder.objectField(Viewer, 'pendingEmbeddings', (t) =>
  t.withAuth({ scope: 'memories:read' }).int({
    description: 'How many of your memories are not found by meaning yet.',
    extensions: notes({ cost: 5 }),
    resolve: (_viewer, _args, { services, viewer }) => pendingEmbeddings(services, viewer),
  }),
);
