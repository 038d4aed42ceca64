import { type Failure, failureOf, maskedFailure } from './failures.ts';
import { isRecord } from './json-schema.ts';
import type { ToolEntry } from './manifest.ts';
import type { LogLevel, Progress } from './operation-entry.ts';
import {
  type Caller,
  type Outcome,
  type ProgressTold,
  insufficientScope,
  plainJson,
  requestFor,
  shapeAnswer,
} from './run-operation.ts';
import { missingScopes } from './scopes.ts';

export interface Told {
  progress(progress: ProgressTold): Promise<void>;
  log(level: LogLevel, message: string): Promise<void>;
}

/** Runs a subscription to its end: events are told as they come, and the last one is the answer. Never throws. */
export async function runStream(
  entry: ToolEntry,
  how: Progress,
  args: Record<string, unknown>,
  caller: Caller,
  told: Told,
): Promise<Outcome> {
  const missing = missingScopes(entry.scopes, caller.principal.scopes);
  if (missing.length > 0) return insufficientScope(missing);
  const { executor, logger } = caller;
  try {
    if (!executor.subscribe) throw new Error('The executor cannot subscribe.');
    let last: Record<string, unknown> | undefined;
    for await (const result of executor.subscribe(requestFor(entry, args, caller))) {
      if (result.errors && result.errors.length > 0)
        return failureOf(result.errors, entry.operationName, logger);
      last = plainJson(result.data);
      await tell(how, last, told);
    }
    return last ? shapeAnswer(entry, args, last, caller) : ended();
  } catch (error) {
    return maskedFailure(error, entry.operationName, logger);
  }
}

async function tell(how: Progress, event: Record<string, unknown>, told: Told): Promise<void> {
  const at = (path: readonly string[] | null) =>
    path?.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), event);
  const done = at(how.done);
  const total = at(how.total);
  const message = at(how.message);
  if (typeof done === 'number') {
    await told.progress({
      done,
      ...(typeof total === 'number' ? { total } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    });
  }
  const line = how.log && at(how.log.message);
  if (how.log && typeof line === 'string') await told.log(how.log.level, line);
}

function ended(): Failure {
  return {
    kind: 'failure',
    code: 'ABORTED',
    message: 'It ended before there was an answer.',
    wayOn: 'Call again.',
    status: 503,
  };
}
