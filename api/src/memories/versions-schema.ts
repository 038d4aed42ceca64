import { User } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  isCount,
  page,
  pageInfo,
  PageInfo,
  type Page,
} from '../schema/pagination.ts';
import { memoryVersions, type MemoryVersion as MemoryVersionShape } from './memory-versions.ts';
import { Described, Memory } from './schema.ts';

const MemoryVersion = builder.objectRef<MemoryVersionShape>('MemoryVersion').implement({
  description: 'A memory as it was, or is.',
  interfaces: [Described],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'writtenAt' in value,
  fields: (t) => ({
    version: t.exposeInt('version'),
    writtenAt: t.expose('writtenAt', { type: 'DateTime' }),
    writtenBy: t.field({
      type: User,
      nullable: true,
      description:
        'The owner, or whom they let write it; null for somebody whom you cannot see, as one who has left.',
      resolve: ({ writtenBy, ownerId }, _args, { loaders }) => loaders.accounts.load(writtenBy ?? ownerId),
    }),
  }),
});

const MemoryVersionEdge = builder
  .objectRef<{ cursor: string; node: MemoryVersionShape }>('MemoryVersionEdge')
  .implement({
    fields: (t) => ({ cursor: t.exposeString('cursor'), node: t.expose('node', { type: MemoryVersion }) }),
  });

const MemoryVersionConnection = builder
  .objectRef<Page<MemoryVersionShape>>('MemoryVersionConnection')
  .implement({
    fields: (t) => ({
      edges: t.expose('edges', { type: [MemoryVersionEdge] }),
      pageInfo: t.field({ type: PageInfo, resolve: pageInfo }),
    }),
  });

const isVersionCursor = (parts: unknown): parts is [number] =>
  Array.isArray(parts) && parts.length === 1 && isCount(parts[0]);

builder.objectField(Memory, 'versions', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: MemoryVersionConnection,
    nullable: true,
    description: 'What it was and is, newest first: for its owner alone, an error NOT_PERMITTED for others.',
    args: { first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async ({ id }, args, { services, viewer }) => {
      const first = checkedFirst(args.first, 20);
      const after = decodeCursor(args.after, isVersionCursor);
      const versions = await memoryVersions(services, viewer, id, after?.[0] ?? null, first + 1);
      return page(versions, first, after, ({ version }) => encodeCursor([version]));
    },
  }),
);
