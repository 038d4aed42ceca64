import { createHmac, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EmbeddingModel } from './embedding-model.ts';

export const DEFAULT_CACHED_QUERIES = 1000;

/**
 * Remembers the vectors of the latest queries: people page, correct a letter and repeat. The cache is keyed by
 * a hash under a key of this process, so that it holds no words that were searched for.
 */
export function cachedQueries(model: EmbeddingModel, max: number = DEFAULT_CACHED_QUERIES): EmbeddingModel {
  const secret = randomBytes(32);
  const vectors = new LRUCache<string, Float32Array>({ max });
  const keyOf = (text: string) => createHmac('sha256', secret).update(text).digest('base64');

  return {
    key: model.key,
    dimensions: model.dimensions,
    ...(model.usage && { usage: model.usage }),
    chunk: (text) => model.chunk(text),
    embedDocuments: (texts, signal) => model.embedDocuments(texts, signal),
    async embedQuery(text, signal) {
      signal?.throwIfAborted();
      const key = keyOf(text);
      const known = vectors.get(key);
      // A copy, for the caller may write into what it is given.
      if (known) return known.slice();
      const vector = await model.embedQuery(text, signal);
      vectors.set(key, vector.slice());
      return vector;
    },
    async close() {
      vectors.clear();
      await model.close();
    },
  };
}
