import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EmbeddingModel } from '../embedding-model.ts';
import { failureOf } from '../testing/failure-of.ts';
import { startOpenAIServer, TEST_API_KEY, type OpenAIServer } from '../testing/openai-server.ts';
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

test.each([
  ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
  ['500', { kind: 'status', status: 500 }],
  ['a connection that ends', { kind: 'reset' }],
  ['an answer that breaks off', { kind: 'cut' }],
  ['a page of HTML', { kind: 'body', body: '<html>', contentType: 'text/html' }],
  ['JSON that is none', { kind: 'body', body: '{"data": [' }],
  ['JSON of another protocol', { kind: 'body', body: '{"embeddings": [[1, 2]]}' }],
  ['too few vectors', { kind: 'body', body: '{"data": []}' }],
  ['a vector of text', { kind: 'body', body: '{"data": [{"index": 0, "embedding": ["1", "2"]}]}' }],
  [
    'a zero vector',
    { kind: 'body', body: `{"data": [{"embedding": [${Array.from({ length: 64 }, () => 0).join()}]}]}` },
  ],
] as const)('%s is tried again', async (_, fault) => {
  server.failNext(fault, fault);
  await expect(model.embedDocuments(['text'])).resolves.toHaveLength(1);
  expect(server.requests).toHaveLength(3);
});

test.each([
  ['MODEL_UNAVAILABLE', { kind: 'status', status: 503 }],
  ['MODEL_UNAVAILABLE', { kind: 'reset' }],
  ['MODEL_RATE_LIMITED', { kind: 'status', status: 429 }],
  ['MODEL_BAD_REPLY', { kind: 'cut' }],
] as const)('the last try ends with %s', async (code, fault) => {
  server.failNext(fault, fault);
  const error = await failureOf(model.embedQuery('text'));
  expect(error).toMatchObject({ code, retryable: true });
  expect(server.requests).toHaveLength(2);
});

test('a pause longer than we would wait is passed on', async () => {
  server.failNext({ kind: 'status', status: 429, headers: { 'retry-after': '120' } });
  const error = await failureOf(model.embedDocuments(['text']));
  expect(error).toMatchObject({ code: 'MODEL_RATE_LIMITED', retryAfterMs: 120_000 });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['MODEL_QUOTA_EXCEEDED', { kind: 'status', status: 429, code: 'insufficient_quota' }],
  ['MODEL_REJECTED', { kind: 'status', status: 400 }],
  ['MODEL_UNAUTHORIZED', { kind: 'status', status: 403 }],
] as const)('%s is not tried again', async (code, fault) => {
  server.failNext(fault);
  expect(await failureOf(model.embedQuery('text'))).toMatchObject({ code, retryable: false });
  expect(server.requests).toHaveLength(1);
});

test.each([{ kind: 'silent' }, { kind: 'stalled' }] as const)('a $kind server times out', async (fault) => {
  const hasty = openaiModel({ ...SETTINGS, baseUrl: server.baseUrl, timeoutMs: 50 }, QUICK);
  server.failNext(fault, fault);
  expect(await failureOf(hasty.embedQuery('text'))).toMatchObject({ code: 'MODEL_TIMEOUT', retryable: true });
});

test('the circuit opens after repeated failures and spares the server', async () => {
  const breaker = { failuresToOpen: 3, openMs: 60_000 };
  const guarded = openaiModel({ ...SETTINGS, baseUrl: server.baseUrl }, { ...QUICK, breaker });
  server.failNext(...Array(3).fill({ kind: 'status', status: 500 }));
  expect(await failureOf(guarded.embedDocuments(['text']))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  expect(await failureOf(guarded.embedQuery('text'))).toMatchObject({ code: 'MODEL_CIRCUIT_OPEN' });
  expect(server.requests).toHaveLength(3);
});

test('a redirect is not followed: nobody configured the other server', async () => {
  await using other = await startOpenAIServer();
  const location = `${other.baseUrl}/embeddings`;
  const redirect = { kind: 'status', status: 307, headers: { location } } as const;
  server.failNext(redirect, redirect);
  expect(await failureOf(model.embedQuery('text'))).toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  expect(other.requests).toHaveLength(0);
});
