import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EmbeddingModel } from '../embedding-model.ts';
import { failureOf } from '../testing/failure-of.ts';
import { startOpenAIServer, TEST_API_KEY, type OpenAIServer } from '../testing/openai-server.ts';
import { wordVector } from '../testing/word-vector.ts';
import { unitVector } from '../unit-vector.ts';
import { openaiModel, type Resilience } from './openai-model.ts';

const QUICK: Resilience = {
  documents: { attempts: 3, baseDelayMs: 1, maxDelayMs: 100 },
  queries: { attempts: 2, baseDelayMs: 1, maxDelayMs: 100 },
  breaker: { failuresToOpen: 100, openMs: 60_000 },
};
const SETTINGS = { apiKey: TEST_API_KEY, model: 'text-embedding-3-small', dimensions: 64 };

let server: OpenAIServer;
let model: EmbeddingModel;

beforeEach(async () => {
  server = await startOpenAIServer();
  model = openaiModel({ ...SETTINGS, baseUrl: server.baseUrl }, QUICK);
});
afterEach(async () => {
  await model.close();
  await server[Symbol.asyncDispose]();
});

test('the key names model, dimensions and host', () => {
  expect(model.key).toBe(`text-embedding-3-small/64@${server.host}`);
  expect(model.dimensions).toBe(64);
});

test('dimensions are sent and unit vectors come back in order', async () => {
  const vectors = await model.embedDocuments(['first words', 'second thoughts']);
  expect(server.requests[0]).toMatchObject({ dimensions: 64, input: ['first words', 'second thoughts'] });
  expect(vectors).toHaveLength(2);
  const expected = unitVector(wordVector('second thoughts', 64)) ?? [];
  for (const [i, value] of (vectors[1] ?? []).entries()) expect(value).toBeCloseTo(expected[i] ?? NaN, 5);
});

test('long lists go out in batches and tokens are counted', async () => {
  const small = openaiModel({ ...SETTINGS, baseUrl: server.baseUrl, maxTextsPerRequest: 2 }, QUICK);
  const vectors = await small.embedDocuments(['a', 'b', 'c', 'd', 'e']);
  expect(vectors).toHaveLength(5);
  expect(server.requests.map(({ input }) => input)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(small.usage).toEqual({ requests: 3, texts: 5, tokens: 5 });
});

test('no error carries the key or the text, whatever the server quotes', async () => {
  const wrong = openaiModel({ ...SETTINGS, apiKey: 'sk-very-secret', baseUrl: server.baseUrl }, QUICK);
  const unauthorized = await failureOf(wrong.embedQuery('private words'));
  expect(unauthorized.code).toBe('MODEL_UNAUTHORIZED');
  const tooLong = await failureOf(model.embedDocuments(['private words '.repeat(5000)]));
  expect(tooLong.code).toBe('MODEL_REJECTED');
  for (const error of [unauthorized, tooLong]) {
    const everything = JSON.stringify([error, error.message, error.stack, error.cause]);
    expect(everything).not.toMatch(/secret|private/);
  }
});

test('a server that ignores dimensions is named with both lengths', async () => {
  await using stubborn = await startOpenAIServer({ ignoreDimensions: true });
  const error = await failureOf(
    openaiModel({ ...SETTINGS, baseUrl: stubborn.baseUrl }, QUICK).embedQuery('text'),
  );
  expect(error.code).toBe('MODEL_WRONG_DIMENSIONS');
  expect(error.message).toContain('1536');
  expect(error.message).toContain('64');
  expect(stubborn.requests).toHaveLength(1);
});

test('a caller who aborts gets the reason, in flight and before', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  server.failNext({ kind: 'silent' });
  const arrived = server.nextRequest();
  const answer = model.embedQuery('text', controller.signal);
  await arrived;
  controller.abort(reason);
  await expect(answer).rejects.toBe(reason);
  await expect(model.embedQuery('text', controller.signal)).rejects.toBe(reason);
  expect(server.requests).toHaveLength(1);
});

test('closing ends requests in flight', async () => {
  server.failNext({ kind: 'silent' });
  const arrived = server.nextRequest();
  const failure = failureOf(model.embedQuery('text'));
  await arrived;
  await model.close();
  expect(await failure).toMatchObject({ code: 'MODEL_CLOSED' });
});

test('a blank text is refused before it is sent', async () => {
  expect(await failureOf(model.embedDocuments(['text', '  ']))).toMatchObject({ code: 'TEXT_BLANK' });
  expect(server.requests).toHaveLength(0);
});

test('a long text is chunked by its estimated tokens', async () => {
  const chunks = await model.chunk('A sentence of some words. '.repeat(200));
  expect(chunks.length).toBeGreaterThan(1);
  for (const chunk of chunks) expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(512 * 3);
});
