import { inArgumentNames, withArgumentNames } from './argument-names.ts';
import { toVariables } from './arguments.ts';
import type { AdapterLogger, ExecutionRequest, Executor, Principal } from './executor.ts';
import { type Failure, failureOf, maskedFailure, refusalStatus } from './failures.ts';
import { isRecord } from './json-schema.ts';
import { withQuotes } from './quote.ts';
import type { OperationEntry } from './operation-entry.ts';
import { missingScopes, sufficientScopes } from './scopes.ts';
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

/** How far an operation has come. */
export interface ProgressTold {
  done: number;
  total?: number;
  message?: string;
}

/** Executes one entry of the manifest with validated arguments. Never throws. */
export async function runOperation(
  entry: OperationEntry,
  args: Record<string, unknown>,
  caller: Caller,
): Promise<Outcome> {
  const run = await executeOperation(entry, args, caller);
  return run.kind === 'data' ? shapeAnswer(entry, args, run.data, caller) : run;
}

/** Executes one entry and answers its data as the API gave it. Never throws. */
export async function executeOperation(
  entry: OperationEntry,
  args: Record<string, unknown>,
  caller: Caller,
): Promise<{ kind: 'data'; data: Record<string, unknown> } | Failure> {
  const missing = missingScopes(entry.scopes, caller.principal.scopes);
  if (missing.length > 0) return insufficientScope(missing);
  const { executor, logger } = caller;
  try {
    const result = await executor.execute(requestFor(entry, args, caller));
    if (result.errors && result.errors.length > 0) {
      const failure = failureOf(result.errors, entry.operationName, logger);
      return { ...failure, message: inArgumentNames(entry, failure.code, failure.message) };
    }
    return { kind: 'data', data: plainJson(result.data) };
  } catch (error) {
    return maskedFailure(error, entry.operationName, logger);
  }
}

/** What the executor is asked. */
export function requestFor(
  entry: OperationEntry,
  args: Record<string, unknown>,
  { principal, signal }: Caller,
): ExecutionRequest {
  return {
    document: entry.document,
    operationName: entry.operationName,
    variables: toVariables(entry, args),
    principal,
    scopes: sufficientScopes(entry.scopes, principal.scopes),
    ...(signal ? { signal } : {}),
  };
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

/** What an operation answered as an outcome: in the caller's names, cut to its budget, refusals told apart. */
export function shapeAnswer(
  entry: OperationEntry,
  args: Record<string, unknown>,
  answered: Record<string, unknown>,
  { principal: { userId } }: Caller,
): Outcome {
  const { budget, quotes, refusals, notFound } = entry;
  const data = refusals ? withArgumentNames(entry, answered) : answered;
  if (notFound && data[notFound.key] === null) {
    const { code, message, wayOn } = notFound;
    return { kind: 'failure', code, message, wayOn, status: refusalStatus(code) };
  }
  const answer = budget
    ? applyBudget(data, budget, args, (whole) => withQuotes(whole, quotes, userId))
    : data;
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
export function plainJson(data: unknown): Record<string, unknown> {
  const value: unknown = JSON.parse(JSON.stringify(data ?? null));
  if (!isRecord(value)) throw new TypeError('The API answered neither data nor errors.');
  return value;
}
