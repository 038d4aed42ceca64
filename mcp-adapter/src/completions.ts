import { isRecord } from './json-schema.ts';
import type { CompletionEntry } from './manifest.ts';
import { type Caller, runOperation } from './run-operation.ts';

/** The protocol's bound on one completion answer. */
const MAX_VALUES = 100;

export type Completer = (typed: string, caller: Caller | undefined) => Promise<string[]>;

/** Completes an argument by running its operation; what fails completes to nothing, as a host asks on every key. */
export function compileCompletion(entry: CompletionEntry): Completer {
  return async (typed, caller) => {
    if (!caller) return [];
    const outcome = await runOperation(entry, { [entry.variable]: typed }, caller);
    if (outcome.kind !== 'answer') return [];
    const list = entry.path.reduce<unknown>(
      (at, key) => (isRecord(at) ? at[key] : undefined),
      outcome.answer,
    );
    if (!Array.isArray(list)) return [];
    const values = list.map((item: unknown) =>
      entry.itemKey !== null && isRecord(item) ? item[entry.itemKey] : item,
    );
    return values.filter((value) => typeof value === 'string').slice(0, MAX_VALUES);
  };
}
