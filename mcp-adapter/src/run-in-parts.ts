import { isRecord } from './json-schema.ts';
import type { ToolEntry } from './manifest.ts';
import type { Parts } from './operation-entry.ts';
import {
  type Caller,
  type Outcome,
  type ProgressTold,
  executeOperation,
  runOperation,
  shapeAnswer,
} from './run-operation.ts';

/**
 * Runs a batch part by part, telling how many items are done after each. The answer is that of one call; a part that
 * fails stops the rest, and the failure says how far it came.
 */
export async function runInParts(
  entry: ToolEntry,
  parts: Parts,
  args: Record<string, unknown>,
  caller: Caller,
  tell: (progress: ProgressTold) => Promise<void>,
): Promise<Outcome> {
  const items = args[parts.argument];
  if (!Array.isArray(items) || !mayBeParted(parts, items, args)) return runOperation(entry, args, caller);
  let merged: Record<string, unknown> = {};
  for (let done = 0; done < items.length; done += parts.size) {
    const part = { ...args, [parts.argument]: items.slice(done, done + parts.size) };
    const run = await executeOperation(entry, part, caller);
    const outcome =
      run.kind === 'data' ? shapeAnswer({ ...entry, budget: null }, part, run.data, caller) : run;
    if (run.kind !== 'data' || outcome.kind !== 'answer')
      return outcome.kind === 'answer' || done === 0 ? outcome : halfDone(outcome, done, items.length);
    merged = merge(merged, counted(run.data, apiPath(entry, parts.argument), done));
    const reached = Math.min(done + parts.size, items.length);
    await tell({ done: reached, total: items.length, message: `${reached} of ${items.length} done` });
  }
  return shapeAnswer(entry, args, merged, caller);
}

function mayBeParted(
  { size, most, unless, distinct }: Parts,
  items: readonly unknown[],
  args: Record<string, unknown>,
): boolean {
  if (items.length <= size || items.length > most) return false;
  if (unless !== null && args[unless] === true) return false;
  if (distinct === null) return true;
  const keys = items.map((item) => (isRecord(item) ? String(item[distinct]).toLowerCase() : ''));
  return new Set(keys).size === keys.length;
}

/** What the API calls an argument in its errors. */
function apiPath({ argumentPaths }: ToolEntry, argument: string): string {
  return Object.keys(argumentPaths).find((path) => argumentPaths[path] === argument) ?? argument;
}

/** Items are named by their place in the whole list: `memories.5.text` of the third part is `memories.205.text`. */
function counted(data: Record<string, unknown>, path: string, done: number): Record<string, unknown> {
  const place = new RegExp(String.raw`^(input\.)?${path}\.(\d+)`);
  const shift = (text: string) =>
    text.replace(place, (_whole, input: string | undefined, index: string) => {
      return `${input ?? ''}${path}.${Number(index) + done}`;
    });
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isRecord(value)) return value;
    const isError = typeof value['code'] === 'string';
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        isError && (key === 'message' || key === 'field') && typeof item === 'string'
          ? shift(item)
          : walk(item),
      ]),
    );
  };
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, walk(value)]));
}

/** Lists are joined and numbers added, wherever they are. */
function merge(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(b).map(([key, value]) => [key, key in a ? mergeValues(a[key], value) : value]),
  );
}

function mergeValues(a: unknown, b: unknown): unknown {
  if (Array.isArray(a) && Array.isArray(b)) return a.concat(b);
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  return isRecord(a) && isRecord(b) ? merge(a, b) : b;
}

function halfDone(outcome: Exclude<Outcome, { kind: 'answer' }>, done: number, total: number): Outcome {
  return {
    ...outcome,
    wayOn: `The first ${done} of ${total} items were carried out, those after them were not. ${outcome.wayOn}`,
  };
}
