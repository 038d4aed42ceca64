import { InvalidInput } from '../invalid-input.ts';
import { UserError, type Outcome } from '../user-error.ts';
import { BatchRefused } from './errors.ts';
import { MAX_BATCH } from './memory.ts';

export interface Batch<Item> {
  items: readonly Item[];
  /** All or nothing, instead of each by itself. */
  atomic: boolean;
}

export function refuseBadSize(batch: Batch<unknown>): void {
  if (batch.items.length === 0) throw new InvalidInput('memories', 'must name at least one memory');
  if (batch.items.length > MAX_BATCH) {
    throw new InvalidInput('memories', `must be at most ${MAX_BATCH}; send the rest in another batch`);
  }
}

/** An id that stands twice would make the outcome depend on the order. */
export function refuseRepeatedIds(batch: Batch<{ id: string }>): void {
  const ids = batch.items.map((item) => item.id.toLowerCase());
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated) throw new InvalidInput('memories', `must name each memory once, and names ${repeated} twice`);
}

/** @throws {BatchRefused} in an atomic batch with a failure, which undoes the transaction around it. */
export function refuseFailures(batch: Batch<unknown>, outcomes: readonly Outcome<unknown>[]): void {
  if (batch.atomic && outcomes.some((outcome) => outcome instanceof UserError))
    throw new BatchRefused(outcomes);
}

/** What `work` answers, or the named error that it throws. */
export function outcomeOf<Value>(work: () => Value): Outcome<Value> {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** The single outcome of a batch of one. */
export function only<Value>(outcomes: readonly Outcome<Value>[]): Value {
  const [outcome] = outcomes;
  if (outcome instanceof UserError) throw outcome;
  if (outcome === undefined) throw new Error('A batch of one has one outcome');
  return outcome;
}
