import { expect, test } from 'vitest';
import { EmbeddingError } from '../errors.ts';
import { retrying } from './retry.ts';

const OPTIONS = { attempts: 3, baseDelayMs: 1, maxDelayMs: 5 };
const never = new AbortController().signal;

function failingWith(error: unknown) {
  const calls = { count: 0 };
  const request = async () => {
    calls.count++;
    throw error;
  };
  return { calls, request };
}

test.each([
  [new EmbeddingError('MODEL_UNAVAILABLE', 'down', { retryable: true }), 3],
  [new EmbeddingError('MODEL_RATE_LIMITED', 'slow', { retryable: true, retryAfterMs: 5 }), 3],
  [new EmbeddingError('MODEL_RATE_LIMITED', 'slower', { retryable: true, retryAfterMs: 6 }), 1],
  [new EmbeddingError('MODEL_CIRCUIT_OPEN', 'open', { retryable: true, retryAfterMs: 1 }), 1],
  [new EmbeddingError('MODEL_REJECTED', 'no'), 1],
  [new TypeError('a bug'), 1],
])('%s is tried %d times', async (error, times) => {
  const { calls, request } = failingWith(error);
  await expect(retrying(request, OPTIONS, never)).rejects.toBe(error);
  expect(calls.count).toBe(times);
});

test('an abort ends the pause with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const { request } = failingWith(new EmbeddingError('MODEL_UNAVAILABLE', 'down', { retryable: true }));
  const patient = { attempts: 2, baseDelayMs: 1e8, maxDelayMs: 1e8 };
  const answer = retrying(request, patient, controller.signal);
  setImmediate(() => controller.abort(reason));
  await expect(answer).rejects.toBe(reason);
});
