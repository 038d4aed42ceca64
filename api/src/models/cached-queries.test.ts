import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cachedQueries } from './cached-queries.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import { openaiModel } from './openai/openai-model.ts';
import { startOpenAIServer, TEST_API_KEY, type OpenAIServer } from './testing/openai-server.ts';

let server: OpenAIServer;
let cached: EmbeddingModel;

beforeAll(async () => {
  server = await startOpenAIServer();
});
beforeEach(() => {
  const settings = { apiKey: TEST_API_KEY, model: 'text-embedding-3-small', dimensions: 8 };
  cached = cachedQueries(openaiModel({ ...settings, baseUrl: server.baseUrl }), 2);
});
afterAll(() => server[Symbol.asyncDispose]());

test('a repeated query is not embedded again', async () => {
  const first = await cached.embedQuery('words');
  expect(await cached.embedQuery('words')).toEqual(first);
  expect(cached.usage?.requests).toBe(1);
});

test('writing into an answer does not change the next one', async () => {
  const first = await cached.embedQuery('words');
  const before = first.slice();
  first.fill(7);
  const second = await cached.embedQuery('words');
  expect(second).toEqual(before);
  second.fill(7);
  expect(await cached.embedQuery('words')).toEqual(before);
});

test('the least recent query is forgotten', async () => {
  for (const query of ['one', 'two', 'one', 'three', 'one', 'two']) await cached.embedQuery(query);
  expect(cached.usage?.requests).toBe(4);
});

test('a failure is not remembered', async () => {
  server.failNext({ kind: 'status', status: 400 });
  await expect(cached.embedQuery('words')).rejects.toMatchObject({ code: 'MODEL_REJECTED' });
  expect(await cached.embedQuery('words')).toHaveLength(8);
});

test('an aborted caller is told so even when the answer is known', async () => {
  await cached.embedQuery('words');
  await expect(cached.embedQuery('words', AbortSignal.abort())).rejects.toThrow(/abort/);
});

test('documents pass by', async () => {
  expect(await cached.embedDocuments(['words', 'words'])).toHaveLength(2);
  expect(await cached.chunk('words')).toEqual(['words']);
});
