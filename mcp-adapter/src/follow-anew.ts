import type { ExecutionResult } from 'graphql';
import { isOver, TokenRefused } from './exchange-errors.ts';
import type { Subscription } from './open-subscription.ts';
import { abortAt } from './stream-end.ts';

/** For how long the former stream is read beside the new one, so that nothing on its way is lost. */
const OVERLAP_MS = 1_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/**
 * Follows something for longer than a token lives: before it ends the next stream is begun, and the former one is read
 * for a moment more, so what happens just then may be told twice. When the API was away it is asked again, for as long
 * as somebody listens. Ends when the credential does.
 */
export async function* followAnew(
  open: () => Promise<Subscription>,
  given = new AbortController().signal,
): AsyncGenerator<ExecutionResult> {
  const waiting: ExecutionResult[] = [];
  const stopped = new AbortController();
  const signal = AbortSignal.any([given, stopped.signal]);
  let wake: () => void = () => undefined;
  const tell = (result: ExecutionResult): void => {
    waiting.push(result);
    wake();
  };
  const following = follow(open, tell, signal).finally(() => {
    stopped.abort();
    wake();
  });
  // It is waited for at the end; until then its failure is nobody's.
  following.catch(() => undefined);
  const onAbort = (): void => wake();
  given.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted || waiting.length > 0) {
      const result = waiting.shift();
      if (result) yield result;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await following;
  } finally {
    given.removeEventListener('abort', onAbort);
    stopped.abort();
  }
}

async function follow(
  open: () => Promise<Subscription>,
  tell: (result: ExecutionResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const opened = new Set<Subscription>();
  signal.addEventListener('abort', () => opened.forEach((each) => each.close()), { once: true });
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    const begunAt = Date.now();
    try {
      const subscription = await open();
      if (signal.aborted) return subscription.close();
      opened.forEach((former) => setTimeout(() => former.close(), OVERLAP_MS).unref());
      opened.add(subscription);
      const ended = read(subscription, tell).finally(() => opened.delete(subscription));
      const due = abortAt(new Date(subscription.renewAt));
      await Promise.race([ended, aborted(AbortSignal.any([due.signal, signal]))]).finally(due.clear);
      if (due.signal.aborted) continue;
    } catch (error) {
      if (isOver(error) || error instanceof TokenRefused) return;
      if (signal.aborted) return;
    }
    // It ended by itself: the API stops, or the credential has ended, which the next try will tell.
    if (Date.now() - begunAt > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

async function read({ events }: Subscription, tell: (result: ExecutionResult) => void): Promise<void> {
  for await (const result of events) tell(result);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { signal: over, clear } = abortAt(new Date(Date.now() + milliseconds));
  await aborted(AbortSignal.any([over, signal]));
  clear();
}
