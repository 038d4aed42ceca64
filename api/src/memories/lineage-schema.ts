import { User } from '../accounts/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { checkedFirst } from '../schema/pagination.ts';
import { MAX_SOURCES } from './lineage.ts';
import { Memory } from './schema.ts';

builder.objectField(Memory, 'derivedFrom', (t) =>
  t.withAuth({ scope: 'memories:read' }).field({
    type: [Memory],
    description: 'What it was made of, as far as that is still there and you may see it.',
    args: { first: t.arg.int({ defaultValue: MAX_SOURCES }) },
    extensions: notes({ sizedBy: 'first' }),
    resolve: async ({ id }, { first }, { loaders }) => {
      const ids = await loaders.sources.load(id);
      const found = await Promise.all(ids.map((each) => loaders.memories.load(each)));
      return found.filter((memory) => memory !== null).slice(0, checkedFirst(first, MAX_SOURCES));
    },
  }),
);

builder.objectField(Memory, 'writtenBy', (t) =>
  t.field({
    type: User,
    nullable: true,
    description:
      'Who wrote the present version where that was somebody else than the owner; null also for somebody whom you cannot see.',
    resolve: ({ writtenBy }, _args, { loaders }) =>
      writtenBy === null ? null : loaders.accounts.load(writtenBy),
  }),
);
