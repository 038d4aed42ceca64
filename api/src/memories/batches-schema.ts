import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { asValue, InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { deleteMemories } from './delete-memories.ts';
import { BatchRefused as BatchRefusedClass } from './errors.ts';
import { BatchRefused } from './errors-schema.ts';
import { given } from './given.ts';
import { DeleteMemoriesInput, SubmitMemoriesInput, UpdateMemoriesInput } from './inputs-schema.ts';
import { DeleteMemoryResult, SubmitMemoryResult, UpdateMemoryResult } from './mutations-schema.ts';
import { submitMemories } from './submit-memories.ts';
import { updateMemories } from './update-memories.ts';

const inOrder = 'What each item came to, in the order of the input.';

interface Outcomes<Value> {
  results: Outcome<Value>[];
}

const succeededCount = ({ results }: Outcomes<unknown>): number => results.filter(succeeded).length;
const failedCount = ({ results }: Outcomes<unknown>): number =>
  results.length - results.filter(succeeded).length;

type Submitted = Awaited<ReturnType<typeof submitMemories>>;
type Updated = Awaited<ReturnType<typeof updateMemories>>;
type DeletedAll = Awaited<ReturnType<typeof deleteMemories>>;

const SubmitMemoriesPayload = builder.objectRef<{ results: Submitted }>('SubmitMemoriesPayload').implement({
  fields: (t) => ({
    results: t.field({
      type: [SubmitMemoryResult],
      description: inOrder,
      resolve: ({ results }) => results.map(asValue) as never,
    }),
    succeeded: t.int({ resolve: succeededCount }),
    failed: t.int({ resolve: failedCount }),
  }),
});
const UpdateMemoriesPayload = builder.objectRef<{ results: Updated }>('UpdateMemoriesPayload').implement({
  fields: (t) => ({
    results: t.field({
      type: [UpdateMemoryResult],
      description: inOrder,
      resolve: ({ results }) => results.map(asValue) as never,
    }),
    succeeded: t.int({ resolve: succeededCount }),
    failed: t.int({ resolve: failedCount }),
  }),
});
const DeleteMemoriesPayload = builder.objectRef<{ results: DeletedAll }>('DeleteMemoriesPayload').implement({
  fields: (t) => ({
    results: t.field({
      type: [DeleteMemoryResult],
      description: inOrder,
      resolve: ({ results }) => results.map(asValue) as never,
    }),
    succeeded: t.int({ resolve: succeededCount }),
    failed: t.int({ resolve: failedCount }),
  }),
});

builder.mutationField('submitMemories', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('SubmitMemoriesResult', {
      types: [SubmitMemoriesPayload, InvalidInput, BatchRefused],
      resolveType: resultType('SubmitMemoriesPayload'),
    }),
    description: 'Keep up to 500 new memories.',
    args: { input: t.arg({ type: SubmitMemoriesInput, required: true }) },
    extensions: notes({ sizedBy: 'input.memories' }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, BatchRefusedClass], async () => ({
        results: await submitMemories(services, viewer, {
          items: input.memories.map(given),
          atomic: input.atomic ?? false,
        }),
      })),
  }),
);

builder.mutationField('updateMemories', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('UpdateMemoriesResult', {
      types: [UpdateMemoriesPayload, InvalidInput, BatchRefused],
      resolveType: resultType('UpdateMemoriesPayload'),
    }),
    description: 'Change up to 500 memories.',
    args: { input: t.arg({ type: UpdateMemoriesInput, required: true }) },
    extensions: notes({ sizedBy: 'input.memories', effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, BatchRefusedClass], async () => ({
        results: await updateMemories(services, viewer, {
          items: input.memories.map(given),
          atomic: input.atomic ?? false,
        }),
      })),
  }),
);

builder.mutationField('deleteMemories', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('DeleteMemoriesResult', {
      types: [DeleteMemoriesPayload, InvalidInput, BatchRefused],
      resolveType: resultType('DeleteMemoriesPayload'),
    }),
    description: 'Put up to 500 memories into the trash.',
    args: { input: t.arg({ type: DeleteMemoriesInput, required: true }) },
    extensions: notes({ sizedBy: 'input.memories', effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, BatchRefusedClass], async () => ({
        results: await deleteMemories(services, viewer, {
          items: input.memories.map(given),
          atomic: input.atomic ?? false,
        }),
      })),
  }),
);
