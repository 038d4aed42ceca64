import { InvalidInput as InvalidInputClass } from '../invalid-input.ts';
import { builder } from '../schema/builder.ts';
import { notes } from '../schema/notes.ts';
import { InvalidInput, orNamedError, resultType } from '../schema/user-error.ts';
import { NotPermitted as NotPermittedClass } from '../sharing/errors.ts';
import { NotPermitted } from '../sharing/errors-schema.ts';
import { deleteMemory, type Deleted } from './delete-memories.ts';
import * as errors from './errors.ts';
import { QuotaExceeded as QuotaExceededClass } from '../refusals.ts';
import {
  DuplicateSource,
  MemoryNotFound,
  OwnerOnly,
  QuotaExceeded,
  VersionConflict,
} from './errors-schema.ts';
import { DeleteMemoryInput, SubmitMemoryInput, UpdateMemoryInput } from './inputs-schema.ts';
import type { Memory as MemoryShape } from './memory.ts';
import { restoreMemoryVersion } from './restore-memory-version.ts';
import { Memory } from './schema.ts';
import { submitMemory } from './submit-memories.ts';
import { undeleteMemory } from './undelete-memory.ts';
import { updateMemory } from './update-memories.ts';
import { given } from './given.ts';

function payload(name: string) {
  return builder.objectRef<MemoryShape>(name).implement({
    fields: (t) => ({ memory: t.field({ type: Memory, resolve: (memory) => memory }) }),
  });
}

export const SubmitMemoryResult = builder.unionType('SubmitMemoryResult', {
  types: [payload('SubmitMemoryPayload'), InvalidInput, DuplicateSource, MemoryNotFound, QuotaExceeded],
  resolveType: resultType('SubmitMemoryPayload'),
});

export const UpdateMemoryResult = builder.unionType('UpdateMemoryResult', {
  types: [
    payload('UpdateMemoryPayload'),
    ...[
      InvalidInput,
      DuplicateSource,
      MemoryNotFound,
      VersionConflict,
      NotPermitted,
      OwnerOnly,
      QuotaExceeded,
    ],
  ],
  resolveType: resultType('UpdateMemoryPayload'),
});

const DeleteMemoryPayload = builder.objectRef<Deleted>('DeleteMemoryPayload').implement({
  fields: (t) => ({
    memoryId: t.exposeID('memoryId'),
    erasedAfter: t.expose('erasedAfter', {
      type: 'DateTime',
      description: 'Until then `undeleteMemory` brings it back; after that it is erased.',
    }),
  }),
});

export const DeleteMemoryResult = builder.unionType('DeleteMemoryResult', {
  types: [DeleteMemoryPayload, MemoryNotFound, VersionConflict, NotPermitted],
  resolveType: resultType('DeleteMemoryPayload'),
});

const UndeleteMemoryResult = builder.unionType('UndeleteMemoryResult', {
  types: [payload('UndeleteMemoryPayload'), MemoryNotFound, DuplicateSource, NotPermitted, QuotaExceeded],
  resolveType: resultType('UndeleteMemoryPayload'),
});

const RestoreMemoryVersionResult = builder.unionType('RestoreMemoryVersionResult', {
  types: [
    payload('RestoreMemoryVersionPayload'),
    ...[MemoryNotFound, VersionConflict, DuplicateSource, NotPermitted, QuotaExceeded],
  ],
  resolveType: resultType('RestoreMemoryVersionPayload'),
});

const UndeleteMemoryInput = builder.inputType('UndeleteMemoryInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
});

const RestoreMemoryVersionInput = builder.inputType('RestoreMemoryVersionInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    version: t.int({ required: true, description: 'One of `memory.versions`.' }),
    expectedVersion: t.int({ description: 'Refuse if the memory is at another version.' }),
  }),
});

builder.mutationField('submitMemory', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: SubmitMemoryResult,
    description: 'Keep a new memory. It is found by word at once, and by meaning soon after.',
    args: { input: t.arg({ type: SubmitMemoryInput, required: true }) },
    extensions: notes({ cost: 1 }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [InvalidInputClass, errors.DuplicateSource, errors.MemoryNotFound, QuotaExceededClass],
        () => submitMemory(services, viewer, given(input)),
      ),
  }),
);

builder.mutationField('updateMemory', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: UpdateMemoryResult,
    description:
      'Change a memory: your own, or the text, language and occurredAt of one that you may write. What it was stays in ' +
      'its history; where nothing differs, nothing is written.',
    args: { input: t.arg({ type: UpdateMemoryInput, required: true }) },
    extensions: notes({ cost: 1, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [
          ...[InvalidInputClass, errors.DuplicateSource, errors.MemoryNotFound, errors.VersionConflict],
          ...[NotPermittedClass, errors.OwnerOnly, QuotaExceededClass],
        ],
        () => updateMemory(services, viewer, given(input)),
      ),
  }),
);

builder.mutationField('deleteMemory', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: DeleteMemoryResult,
    description: 'Put a memory into the trash, where it is found by nobody and kept for 30 days.',
    args: { input: t.arg({ type: DeleteMemoryInput, required: true }) },
    extensions: notes({ cost: 1, effects: { destructive: true, idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError([errors.MemoryNotFound, errors.VersionConflict, NotPermittedClass], () =>
        deleteMemory(services, viewer, given(input)),
      ),
  }),
);

builder.mutationField('undeleteMemory', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: UndeleteMemoryResult,
    description: 'Bring a memory back from the trash, as it was.',
    args: { input: t.arg({ type: UndeleteMemoryInput, required: true }) },
    extensions: notes({ cost: 1, effects: { idempotent: true } }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [errors.MemoryNotFound, errors.DuplicateSource, NotPermittedClass, QuotaExceededClass],
        () => undeleteMemory(services, viewer, input.id),
      ),
  }),
);

builder.mutationField('restoreMemoryVersion', (t) =>
  t.withAuth({ scope: 'memories:write' }).field({
    type: RestoreMemoryVersionResult,
    description: 'Write an earlier version again as the newest one.',
    args: { input: t.arg({ type: RestoreMemoryVersionInput, required: true }) },
    extensions: notes({ cost: 1 }),
    resolve: (_root, { input }, { services, viewer }) =>
      orNamedError(
        [
          ...[errors.MemoryNotFound, errors.VersionConflict, errors.DuplicateSource],
          ...[NotPermittedClass, QuotaExceededClass],
        ],
        () => restoreMemoryVersion(services, viewer, given(input)),
      ),
  }),
);
