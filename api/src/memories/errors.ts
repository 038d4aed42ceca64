import { UserError } from '../user-error.ts';

export class MemoryNotFound extends UserError {
  override readonly name = 'MemoryNotFound';
  readonly code = 'MEMORY_NOT_FOUND';
  readonly memoryId: string;
  constructor(memoryId: string) {
    super(
      `There is no memory ${memoryId} that you may see. It may have been deleted: the trash keeps memories for 30 days.`,
    );
    this.memoryId = memoryId;
  }
}

export class VersionConflict extends UserError {
  override readonly name = 'VersionConflict';
  readonly code = 'VERSION_CONFLICT';
  readonly memoryId: string;
  readonly currentVersion: number;
  constructor(memoryId: string, currentVersion: number) {
    super(
      `The memory ${memoryId} was changed meanwhile and is at version ${currentVersion}. ` +
        'Read it again, then repeat the change with expectedVersion set to that number.',
    );
    this.memoryId = memoryId;
    this.currentVersion = currentVersion;
  }
}

export class DuplicateSource extends UserError {
  override readonly name = 'DuplicateSource';
  readonly code = 'DUPLICATE_SOURCE';
  readonly memoryId: string;
  constructor(memoryId: string) {
    super(
      `The memory ${memoryId} already has this source and sourceId. Update that one, or give another sourceId.`,
    );
    this.memoryId = memoryId;
  }
}

/** Somebody may write a memory of another's, but not this of it. */
export class OwnerOnly extends UserError {
  override readonly name = 'OwnerOnly';
  readonly code = 'OWNER_ONLY';
  readonly memoryId: string;
  readonly fields: readonly string[];
  constructor(memoryId: string, fields: readonly string[]) {
    super(
      `Only the owner of the memory ${memoryId} changes its ${fields.join(', ')}. Nothing of it was changed: ` +
        'ask again with text, language and occurredAt alone.',
    );
    this.memoryId = memoryId;
    this.fields = fields;
  }
}

/** An all-or-nothing batch in which some items could not be done, so none was. */
export class BatchRefused extends UserError {
  override readonly name = 'BatchRefused';
  readonly code = 'BATCH_REFUSED';
  readonly failures: readonly { index: number; code: string; message: string }[];
  constructor(outcomes: readonly unknown[]) {
    const failures = outcomes.flatMap((outcome, index) =>
      outcome instanceof UserError ? [{ index, code: outcome.code, message: outcome.message }] : [],
    );
    super(
      `${failures.length} of ${outcomes.length} items cannot be done, so nothing was changed. ` +
        'Mend those, or ask again with atomic: false to do the others.',
    );
    this.failures = failures;
  }
}
