import { expect, test } from 'vitest';
import { embeddingEndpoint } from './endpoint.ts';

test("OpenAI's own models bring their dimensions along", () => {
  const endpoint = embeddingEndpoint({ apiKey: 'k', model: 'text-embedding-3-small' });
  expect(endpoint.key).toBe('text-embedding-3-small/1536@api.openai.com');
  expect(endpoint.sendDimensions).toBe(true);
});

test('the one model that refuses "dimensions" is not sent any', () => {
  expect(embeddingEndpoint({ apiKey: 'k', model: 'text-embedding-ada-002' }).sendDimensions).toBe(false);
});

test('another server is another key', () => {
  const settings = { apiKey: 'k', model: 'nomic', dimensions: 768, baseUrl: 'http://localhost:11434/v1' };
  expect(embeddingEndpoint(settings).key).toBe('nomic/768@localhost:11434');
});

test.each([
  [{ apiKey: 'k', model: 'unknown' }, /how many dimensions/],
  [{ apiKey: 'k', model: 'm', dimensions: 1.5 }, /1.5 dimensions/],
  [{ apiKey: 'k', model: 'm', dimensions: 8, baseUrl: 'localhost' }, /not a URL/],
  [{ apiKey: '', model: 'm', dimensions: 8 }, /API key/],
])('%j cannot work', (settings, message) => {
  expect(() => embeddingEndpoint(settings)).toThrow(message);
});
