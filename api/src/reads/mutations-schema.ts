import { MANAGE_ACCOUNT } from '../accounts/account-scope.ts';
import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { eraseReads } from './erase-reads.ts';
import { updateReadsKept } from './update-reads-kept.ts';

const UpdateReadsKeptPayload = builder
  .objectRef<{ days: number; erased: number }>('UpdateReadsKeptPayload')
  .implement({
    fields: (t) => ({
      days: t.exposeInt('days'),
      erased: t.exposeInt('erased', { description: 'How many older entries went.' }),
    }),
  });
const UpdateReadsKeptResult = builder.unionType('UpdateReadsKeptResult', {
  types: [UpdateReadsKeptPayload, InvalidInput],
  resolveType: resultType('UpdateReadsKeptPayload'),
});
const UpdateReadsKeptInput = builder.inputType('UpdateReadsKeptInput', {
  fields: (t) => ({
    days: t.int({ required: true, description: '1 to 730; 0 keeps none. A new account has 90.' }),
  }),
});

// An app that reads must not be able to cover its tracks, so both need more than to write memories.
builder.mutationField('updateReadsKept', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: UpdateReadsKeptResult,
    description: 'Say for how many days it is kept who saw your memories. What is older goes at once.',
    args: { input: t.arg({ type: UpdateReadsKeptInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass], () => updateReadsKept(services, viewer, input.days)),
  }),
);

const EraseReadsPayload = builder.objectRef<{ erased: number }>('EraseReadsPayload').implement({
  fields: (t) => ({ erased: t.exposeInt('erased', { description: 'How many entries went.' }) }),
});
const EraseReadsInput = builder.inputType('EraseReadsInput', {
  fields: (t) => ({
    memoryId: t.id({ description: 'Those of one memory; of all, if absent.' }),
    before: t.field({ type: 'DateTime', description: 'Those that began before; all, if absent.' }),
  }),
});

builder.mutationField('eraseReads', (t) =>
  t.withAuth(MANAGE_ACCOUNT).field({
    type: EraseReadsPayload,
    description: 'Forget who saw your memories.',
    args: { input: t.arg({ type: EraseReadsInput, required: true }) },
    extensions: notes({ effects: { destructive: true, idempotent: true } }),
    resolve: async (_root, { input }, { services, viewer }) => ({
      erased: await eraseReads(services, viewer, input),
    }),
  }),
);
