import { type ExecutionResult, GraphQLError } from 'graphql';
import {
  ApiUnavailable,
  FaceRefused,
  ScopeRefused,
  SubjectRefused,
  TokenRefused,
} from './exchange-errors.ts';
import type { ExchangedTokens } from './exchanged-tokens.ts';
import type { ExecutionRequest, Executor, Principal } from './executor.ts';
import { followAnew } from './follow-anew.ts';
import { createHttpExecutor } from './http-executor.ts';
import { openSubscription } from './open-subscription.ts';
import { refusalsOf } from './refusals-of.ts';
import { leastScope } from './scopes.ts';
import type { Exchanged, Subject } from './token-exchange.ts';

export interface ExchangingExecutorOptions {
  /** The API's GraphQL endpoint. */
  url: URL;
  tokens: ExchangedTokens;
  /** What a principal came with. */
  subjectOf: (principal: Principal) => Subject;
}

/** The API gives up its work sooner; one that does not even say so has stopped. */
const LONGEST_MS = 30_000;

/** Runs operations on an API in another process, each with a token that can do what the operation needs and no more. */
export function createExchangingExecutor({ url, tokens, subjectOf }: ExchangingExecutorOptions): Executor {
  /** Does something with a token; once more with a new one, if the API refuses what it had issued. */
  async function withToken<T>(
    { principal, scopes = [], signal }: ExecutionRequest,
    work: (exchanged: Exchanged) => Promise<T>,
  ): Promise<T> {
    const subject = subjectOf(principal);
    const asked = scopes.length > 0 ? scopes : leastScope(principal.scopes);
    const exchanged = await tokens.get(subject, asked);
    signal?.throwIfAborted();
    try {
      return await work(exchanged);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      tokens.drop(subject);
      return work(await tokens.get(subject, asked));
    }
  }

  const open = (request: ExecutionRequest) =>
    withToken(request, (exchanged) => openSubscription(url, exchanged, request));

  return {
    async execute(request) {
      const limit = AbortSignal.timeout(LONGEST_MS);
      const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
      try {
        return await withToken(request, ({ token }) =>
          createHttpExecutor({ url, token: () => Promise.resolve(token), fetch: refusalsOf(fetch) }).execute({
            ...request,
            signal,
          }),
        );
      } catch (error) {
        return told(error, request.signal);
      }
    },
    subscribe: (request) =>
      request.continuous ? followAnew(() => open(request), request.signal) : once(request),
  };

  async function* once(request: ExecutionRequest): AsyncGenerator<ExecutionResult> {
    try {
      yield* (await open(request)).events;
    } catch (error) {
      yield told(error, request.signal);
    }
  }
}

/** What went wrong on the way, in the words that the API would have used. */
function told(error: unknown, signal: AbortSignal | undefined): ExecutionResult {
  if (signal?.aborted) return failed('ABORTED', 'The call was given up.');
  if (error instanceof SubjectRefused || error instanceof TokenRefused || error instanceof FaceRefused)
    return failed('UNAUTHENTICATED', 'The token is unknown, expired or revoked.');
  if (error instanceof ScopeRefused) return failed(error.code, error.message);
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  if (isLate || error instanceof ApiUnavailable)
    return failed('UNAVAILABLE', 'The API does not answer just now.');
  throw error;
}

function failed(code: string, message: string): ExecutionResult {
  return { errors: [new GraphQLError(message, { extensions: { code } })] };
}
