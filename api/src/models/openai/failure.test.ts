import { APIConnectionError, APIError } from 'openai';
import { expect, test } from 'vitest';
import { embeddingFailure } from './failure.ts';

function status(code: number, headers: Record<string, string> = {}): APIError {
  return APIError.generate(code, { error: { message: 'quotes the text' } }, undefined, new Headers(headers));
}

test.each([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{}, undefined],
])('%j asks for %s ms', (headers, expected) => {
  expect(embeddingFailure(status(429, headers), 'host').retryAfterMs).toBe(expected);
});

test('Retry-After may be a date', () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const { retryAfterMs } = embeddingFailure(status(503, { 'retry-after': date }), 'host');
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
});

test('the id of the request is kept for the operator, the message of the server is not', () => {
  const { message } = embeddingFailure(status(500, { 'x-request-id': 'req_7' }), 'host');
  expect(message).toContain('req_7');
  expect(message).not.toContain('quotes');
});

test('a server that is not there is named with the reason', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const error = embeddingFailure(
    new APIConnectionError({ cause: new Error('fetch failed', { cause }) }),
    'host',
  );
  expect(error.code).toBe('MODEL_UNAVAILABLE');
  expect(error.message).toContain('ECONNREFUSED');
});
