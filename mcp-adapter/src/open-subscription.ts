import type { ExecutionResult } from 'graphql';
import { renewalOf } from './exchanged-tokens.ts';
import type { ExecutionRequest } from './executor.ts';
import { subscribeOverHttp } from './http-subscribe.ts';
import { refusalsOf } from './refusals-of.ts';
import type { Exchanged } from './token-exchange.ts';

/** A subscription that the API has begun. */
export interface Subscription {
  events: AsyncIterable<ExecutionResult>;
  /** When it is to be begun anew, in milliseconds of this process's clock: its token ends soon after. */
  renewAt: number;
  close(): void;
}

/** A timer may be early by a moment, when the old token would still be given. */
const LATE_MS = 10;

/** Subscribes with a token, and answers when the API follows: what happens from then on is told. */
export async function openSubscription(
  url: URL,
  exchanged: Exchanged,
  request: ExecutionRequest,
): Promise<Subscription> {
  const closing = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
  const followed = Promise.withResolvers<void>();
  const send: typeof fetch = async (input, init) => {
    const response = await refusalsOf(fetch)(input, init);
    followed.resolve();
    return response;
  };
  const token = () => Promise.resolve(exchanged.token);
  const events = subscribeOverHttp({ url, token, fetch: send }, { ...request, signal });
  // The request goes out with the first read.
  const first = events.next();
  await Promise.race([followed.promise, first]);
  return {
    events: from(first, events),
    renewAt: renewalOf(exchanged) + LATE_MS,
    close: () => closing.abort(),
  };
}

async function* from(
  first: Promise<IteratorResult<ExecutionResult>>,
  rest: AsyncGenerator<ExecutionResult>,
): AsyncGenerator<ExecutionResult> {
  const begun = await first;
  if (begun.done) return;
  yield begun.value;
  yield* rest;
}
