import { GraphQLError, type ExecutionResult } from 'graphql';
import { CliError } from './cli-error.ts';

/**
 * What came of a request that got no answer. A login that has ended is answered as a server answers a key: over MCP,
 * people are shown what errors of the API say, and of others an id alone.
 */
export function answerOrThrow(url: URL, error: unknown): ExecutionResult {
  if (!(error instanceof CliError)) throw unreachable(url, error);
  if (error.code !== 'UNAUTHENTICATED') throw error;
  return { errors: [new GraphQLError(error.message, { extensions: { code: error.code } })] };
}

function unreachable(url: URL, cause: unknown): CliError {
  const detail = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
  return new CliError(
    'SERVER_UNREACHABLE',
    `The server at ${url.origin} does not answer as it should (${detail}). ` +
      'Check that it runs and that PICARD_URL, if you set it, names it.',
    { cause },
  );
}
