import { builder } from '../schema/builder.ts';
import type { QuotaExceeded as QuotaExceededClass } from '../refusals.ts';
import { UserError } from '../schema/user-error.ts';
import type {
  BatchRefused as BatchRefusedClass,
  DuplicateSource as DuplicateSourceClass,
  MemoryNotFound as MemoryNotFoundClass,
  OwnerOnly as OwnerOnlyClass,
  VersionConflict as VersionConflictClass,
} from './errors.ts';

export const MemoryNotFound = builder.objectRef<MemoryNotFoundClass>('MemoryNotFound').implement({
  description: 'There is no such memory that you may see.',
  interfaces: [UserError],
  fields: (t) => ({ memoryId: t.exposeID('memoryId') }),
});

export const VersionConflict = builder.objectRef<VersionConflictClass>('VersionConflict').implement({
  description: 'The memory was changed meanwhile.',
  interfaces: [UserError],
  fields: (t) => ({ memoryId: t.exposeID('memoryId'), currentVersion: t.exposeInt('currentVersion') }),
});

export const DuplicateSource = builder.objectRef<DuplicateSourceClass>('DuplicateSource').implement({
  description: 'Another memory has this source and sourceId.',
  interfaces: [UserError],
  fields: (t) => ({ memoryId: t.exposeID('memoryId', { description: 'That one.' }) }),
});

export const OwnerOnly = builder.objectRef<OwnerOnlyClass>('OwnerOnly').implement({
  description: 'You may write the memory, but of these fields only its owner may.',
  interfaces: [UserError],
  fields: (t) => ({
    memoryId: t.exposeID('memoryId'),
    fields: t.field({ type: ['String'], resolve: ({ fields }) => [...fields] }),
  }),
});

const Quota = builder.enumType('Quota', {
  description: 'MEMORIES: how many there are. STORAGE: how much room their texts take.',
  values: ['MEMORIES', 'STORAGE'] as const,
});

export const QuotaExceeded = builder.objectRef<QuotaExceededClass>('QuotaExceeded').implement({
  description: 'The account holds as much as it may; nothing of this item was kept.',
  interfaces: [UserError],
  fields: (t) => ({ quota: t.expose('quota', { type: Quota }) }),
});

type Failure = BatchRefusedClass['failures'][number];

const BatchFailure = builder.objectRef<Failure>('BatchFailure').implement({
  description: 'Why one item of a batch cannot be done.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Counted from 0.' }),
    code: t.exposeString('code'),
    message: t.exposeString('message'),
  }),
});

export const BatchRefused = builder.objectRef<BatchRefusedClass>('BatchRefused').implement({
  description: 'Some items of an all-or-nothing batch cannot be done, so none was.',
  interfaces: [UserError],
  fields: (t) => ({ failures: t.field({ type: [BatchFailure], resolve: ({ failures }) => failures }) }),
});
