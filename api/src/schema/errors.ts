import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { InvalidInput } from '../invalid-input.ts';
import { DatabaseUnavailable, postgresCode } from '../storage/errors.ts';
import { UserError } from '../user-error.ts';
import { scopeOf } from './notes.ts';

/** SQLSTATE query_canceled: the statement's time was up. */
const CANCELLED = '57014';

export function unauthenticated(): GraphQLError {
  return new GraphQLError('This needs a credential. Send `Authorization: Bearer …` with an API key.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } },
  });
}

export function forbidden(info: GraphQLResolveInfo): GraphQLError {
  const field = info.parentType.getFields()[info.fieldName];
  const scope = field ? scopeOf(field.extensions) : null;
  return new GraphQLError(
    `This needs a credential that holds the scope ${scope ?? 'of another kind'}; yours does not.`,
    {
      extensions: { code: 'FORBIDDEN', requiredScopes: scope ? [scope] : [] },
    },
  );
}

/** What a caller may read of an error; everything unexpected is logged whole and told by a correlation id alone. */
export function publicError(error: unknown, logger: Logger): GraphQLError {
  const located = error instanceof GraphQLError ? error : undefined;
  const original = located?.originalError ?? (located ? undefined : error);
  if (located && (!original || original instanceof GraphQLError)) return withCode(located);
  if (original instanceof GraphQLError) return withCode(original);
  if (original instanceof UserError) {
    const field = original instanceof InvalidInput ? { field: original.field } : {};
    return told(original.message, { code: original.code, ...field }, located);
  }
  if (original instanceof DatabaseUnavailable) {
    const http = { status: 503, headers: { 'retry-after': '3' } };
    return told(original.message, { code: original.code, http }, located);
  }
  if (original instanceof Error && original.name === 'AbortError') {
    return told('The request was given up before it was done.', { code: 'ABORTED' }, located);
  }
  if (
    (original instanceof Error && original.name === 'TimeoutError') ||
    postgresCode(original) === CANCELLED
  ) {
    return told('This took too long and was given up. Ask for less at once.', { code: 'TIMEOUT' }, located);
  }
  const correlationId = randomUUID();
  logger.error({ correlationId, err: original, path: located?.path }, 'A request failed unexpectedly');
  return told(
    `Something went wrong on our side. Nothing is known to be lost; the log has it under ${correlationId}.`,
    { code: 'INTERNAL_SERVER_ERROR', correlationId },
    located,
  );
}

/** What graphql itself refuses at execution comes without a code: a variable that does not fit its type. */
function withCode(error: GraphQLError): GraphQLError {
  return error.extensions['code'] ? error : told(error.message, { code: 'BAD_USER_INPUT' }, error);
}

function told(
  message: string,
  extensions: Record<string, unknown>,
  located: GraphQLError | undefined,
): GraphQLError {
  return new GraphQLError(message, {
    extensions,
    ...(located?.nodes && { nodes: located.nodes }),
    ...(located?.path && { path: located.path }),
  });
}
