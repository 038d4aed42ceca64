import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddingError } from '../errors.ts';

export interface RetryOptions {
  /** Tries in all, the first included. */
  attempts: number;
  /** Milliseconds of the first pause at most; doubles with each try. */
  baseDelayMs: number;
  /** Milliseconds that no pause exceeds; a server that asks for a longer one ends the trying. */
  maxDelayMs: number;
}

/**
 * Repeats a request while its error is worth it, with exponential back-off under full jitter, so that clients
 * that failed together do not return together. A pause that the server asks for is kept.
 */
export async function retrying<T>(
  request: () => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (attempt >= options.attempts || !isWorthRetrying(error, options.maxDelayMs)) throw error;
      const ceiling = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (attempt - 1));
      await pause((error.retryAfterMs ?? 0) + Math.random() * ceiling, signal);
    }
  }
}

/** While the circuit is open, waiting here would only turn a quick failure into a slow one. */
function isWorthRetrying(error: unknown, maxDelayMs: number): error is EmbeddingError {
  if (!(error instanceof EmbeddingError) || error.code === 'MODEL_CIRCUIT_OPEN') return false;
  return error.retryable && (error.retryAfterMs ?? 0) <= maxDelayMs;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
