import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { AdapterLogger } from './executor.ts';
import { isRecord } from './json-schema.ts';

/** An operation that was not carried out, in words a model or a script can act on. */
export interface Failure {
  kind: 'failure';
  code: string;
  message: string;
  wayOn: string;
  /** HTTP status for REST. */
  status: number;
  retryAfterSeconds?: number;
}

type AnyError = GraphQLError | GraphQLFormattedError;

const known: Readonly<Record<string, { status: number; wayOn: string }>> = {
  UNAUTHENTICATED: { status: 401, wayOn: 'Sign in again, or make a new API key.' },
  FORBIDDEN: { status: 403, wayOn: 'Connect again and grant the scope named.' },
  RATE_LIMITED: { status: 429, wayOn: 'Wait, then call again; ask for less at a time.' },
  BAD_USER_INPUT: { status: 400, wayOn: 'Correct the arguments and call again.' },
  INVALID_INPUT: { status: 422, wayOn: 'Correct the arguments and call again.' },
  UNAVAILABLE: { status: 503, wayOn: 'Call again in a few seconds.' },
  ABORTED: { status: 503, wayOn: 'Call again; ask for less at a time.' },
};

/** Maps the errors of a GraphQL result; what is not written for callers is masked and logged by a correlation id. */
export function failureOf(
  errors: readonly AnyError[],
  operationName: string,
  logger: AdapterLogger,
): Failure {
  for (const error of errors) {
    const code = toldCode(error);
    if (code === undefined) continue;
    const http = isRecord(error.extensions?.['http']) ? error.extensions['http'] : {};
    const status = typeof http['status'] === 'number' ? http['status'] : refusalStatus(code);
    const retryAfterSeconds = retryAfter(error, http);
    return {
      kind: 'failure',
      code,
      message: error.message,
      wayOn: 'Read the message, change the arguments and call again.',
      status,
      ...(Object.hasOwn(known, code) ? known[code] : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  const [first] = errors;
  const reported = first?.extensions?.['correlationId'];
  const cause = first instanceof GraphQLError ? (first.originalError ?? first) : first;
  return maskedFailure(cause, operationName, logger, typeof reported === 'string' ? reported : undefined);
}

/** The schema's error codes follow one naming, so that the HTTP status needs no table of them. */
export function refusalStatus(code: string): number {
  if (code.endsWith('NOT_FOUND')) return 404;
  return /CONFLICT|DUPLICATE|TAKEN/.test(code) ? 409 : 422;
}

/**
 * A failure that tells the caller nothing but an id to report.
 * The log gets the error's name and stack frames, not its message: messages quote arguments and addresses.
 * @param correlationId of an error that the API logged already
 */
export function maskedFailure(
  error: unknown,
  operationName: string,
  logger: AdapterLogger,
  correlationId: string = randomUUID(),
): Failure {
  const fields = {
    correlationId,
    operationName,
    error: error instanceof Error ? error.name : typeof error,
    frames: error instanceof Error ? framesOf(error) : [],
  };
  logger.error(fields, 'operation failed');
  return {
    kind: 'failure',
    code: 'INTERNAL',
    message: `Something went wrong here, not in your call. Correlation id: ${correlationId}.`,
    wayOn: 'Try once more; if it fails again, report the correlation id.',
    status: 500,
  };
}

/** The code of an error whose message the API wrote for callers: it has a code of ours and wraps nothing thrown. */
function toldCode(error: AnyError): string | undefined {
  const code = error.extensions?.['code'];
  if (typeof code !== 'string' || !/^[A-Z][A-Z_]*$/.test(code)) return undefined;
  if (code.startsWith('INTERNAL') || code.startsWith('GRAPHQL_')) return undefined;
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  return cause && !(cause instanceof GraphQLError) ? undefined : code;
}

function retryAfter(error: AnyError, http: Record<string, unknown>): number | undefined {
  const headers = isRecord(http['headers']) ? http['headers'] : {};
  const seconds = Number(
    error.extensions?.['retryAfter'] ?? headers['retry-after'] ?? headers['Retry-After'],
  );
  return Number.isFinite(seconds) ? Math.ceil(seconds) : undefined;
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim());
}
