import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { BatchRefused as BatchRefusedClass } from '../memories/errors.ts';
import { BatchRefused, MemoryNotFound } from '../memories/errors-schema.ts';
import { Memory } from '../memories/schema.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { asValue, InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { succeeded } from '../user-error.ts';
import type { Applied } from './apply-permissions.ts';
import { GranteeNotFound as GranteeNotFoundClass } from './errors.ts';
import { GranteeNotFound, NotPermitted, TooManyGrants } from './errors-schema.ts';
import { Grant } from './grants-schema.ts';
import { ModifyPermissionsInput } from './inputs-schema.ts';
import { modifyPermissions } from './modify-permissions.ts';

const MemoryPermissions = builder.objectRef<Applied>('MemoryPermissions').implement({
  description: 'How a memory is shared after a change.',
  fields: (t) => ({
    memory: t.field({
      type: Memory,
      nullable: true,
      description: 'Null where you may no longer see it.',
      resolve: ({ memoryId }, _args, { loaders }) => loaders.memories.load(memoryId),
    }),
    grants: t.expose('grants', { type: [Grant], description: 'Those that were asked for.' }),
    revokedIds: t.exposeIDList('revokedIds', { description: 'The shares that ended.' }),
  }),
});

const MemoryPermissionsResult = builder.unionType('MemoryPermissionsResult', {
  types: [MemoryPermissions, MemoryNotFound, NotPermitted, TooManyGrants],
  resolveType: resultType('MemoryPermissions'),
});

type Results = Awaited<ReturnType<typeof modifyPermissions>>;

const ModifyPermissionsPayload = builder
  .objectRef<{ results: Results }>('ModifyPermissionsPayload')
  .implement({
    fields: (t) => ({
      results: t.field({
        type: [MemoryPermissionsResult],
        description: 'What each memory came to, in the order of the input.',
        resolve: ({ results }) => results.map(asValue) as never,
      }),
      succeeded: t.int({ resolve: ({ results }) => results.filter(succeeded).length }),
      failed: t.int({ resolve: ({ results }) => results.filter((result) => !succeeded(result)).length }),
    }),
  });

builder.mutationField('modifyPermissions', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: builder.unionType('ModifyPermissionsResult', {
      types: [ModifyPermissionsPayload, InvalidInput, BatchRefused, GranteeNotFound],
      resolveType: resultType('ModifyPermissionsPayload'),
    }),
    description:
      'Set the visibility of up to 500 memories, share them with people and groups, and end shares of them, in one go.',
    args: { input: t.arg({ type: ModifyPermissionsInput, required: true }) },
    extensions: notes({ sizedBy: 'input.memoryIds', effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([InvalidInputClass, BatchRefusedClass, GranteeNotFoundClass], async () => ({
        results: await modifyPermissions(services, viewer, input),
      })),
  }),
);
