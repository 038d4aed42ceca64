import { inArgumentNames, withArgumentNames } from './argument-names.ts';
import { toVariables } from './arguments.ts';
import type { AdapterLogger, Executor, Principal } from './executor.ts';
import { type Failure, failureOf, maskedFailure, refusalStatus } from './failures.ts';
import { isRecord } from './json-schema.ts';
import type { OperationEntry } from './manifest.ts';
import { missingScopes } from './scopes.ts';
import { applyBudget } from './token-budget.ts';

/** Carried out; the answer is JSON, cut to its budget. */
export interface Answer {
  kind: 'answer';
  answer: Record<string, unknown>;
}

/** Understood and refused by a rule of the product: a named error of the schema. */
export interface Refusal {
  kind: 'refusal';
  code: string;
  message: string;
  wayOn: string;
  answer: Record<string, unknown>;
}

export type Outcome = Answer | Refusal | Failure;

export interface Caller {
  executor: Executor;
  principal: Principal;
  logger: AdapterLogger;
  signal?: AbortSignal;
}

/** Executes one entry of the manifest with validated arguments. Never throws. */
export async function runOperation(
  entry: OperationEntry,
  args: Record<string, unknown>,
  { executor, principal, logger, signal }: Caller,
): Promise<Outcome> {
  const missing = missingScopes(entry.scopes, principal.scopes);
  if (missing.length > 0) return insufficientScope(missing);
  try {
    const result = await executor.execute({
      document: entry.document,
      operationName: entry.operationName,
      variables: toVariables(entry, args),
      principal,
      ...(signal ? { signal } : {}),
    });
    if (result.errors && result.errors.length > 0) {
      const failure = failureOf(result.errors, entry.operationName, logger);
      return { ...failure, message: inArgumentNames(entry, failure.code, failure.message) };
    }
    const data = plainJson(result.data);
    return shape(entry, args, entry.refusals ? withArgumentNames(entry, data) : data);
  } catch (error) {
    return maskedFailure(error, entry.operationName, logger);
  }
}

/** The failure of a caller whose token lacks scopes. */
export function insufficientScope(missing: readonly string[]): Failure {
  return {
    kind: 'failure',
    code: 'FORBIDDEN',
    message: `The token lacks the scope ${missing.join(' and ')}.`,
    wayOn: 'Connect again and grant it, or make an API key that has it.',
    status: 403,
  };
}

function shape(entry: OperationEntry, args: Record<string, unknown>, data: Record<string, unknown>): Outcome {
  const { budget, refusals, notFound } = entry;
  if (notFound && data[notFound.key] === null) {
    const { code, message, wayOn } = notFound;
    return { kind: 'failure', code, message, wayOn, status: refusalStatus(code) };
  }
  const answer = budget ? applyBudget(data, budget, args) : data;
  const member = refusals ? data[refusals.key] : undefined;
  if (refusals && isRecord(member) && typeof member['__typename'] === 'string') {
    const wayOn = refusals.waysOn[member['__typename']];
    if (wayOn !== undefined) {
      const { code, message } = member;
      return { kind: 'refusal', code: String(code), message: String(message), wayOn, answer };
    }
  }
  return { kind: 'answer', answer };
}

/** In-process results may hold Dates and null-prototype objects; callers get what the wire would carry. */
function plainJson(data: unknown): Record<string, unknown> {
  const value: unknown = JSON.parse(JSON.stringify(data ?? null));
  if (!isRecord(value)) throw new TypeError('The API answered neither data nor errors.');
  return value;
}
