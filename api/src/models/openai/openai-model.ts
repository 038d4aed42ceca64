import { OpenAI } from 'openai';
import { chunkText } from '../chunk-text.ts';
import type { EmbeddingModel, EmbeddingUsage } from '../embedding-model.ts';
import type { OpenAIEmbeddingSettings } from '../embedding-settings.ts';
import { EmbeddingError } from '../errors.ts';
import { approximateTokens } from './approximate-tokens.ts';
import { batches } from './batches.ts';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
import { embeddingEndpoint } from './endpoint.ts';
import { embeddingFailure } from './failure.ts';
import { retrying, type RetryOptions } from './retry.ts';
import { tokensOf, vectorsOf } from './vectors.ts';

/** These models read 8192 tokens, yet a vector of a page or less finds more exactly. */
export const OPENAI_CHUNK_TOKENS = 512;
export const OPENAI_OVERLAP_TOKENS = 64;
export const DEFAULT_TIMEOUT_MS = 20_000;
export const DEFAULT_TEXTS_PER_REQUEST = 256;

/** How failures are met. Documents can wait in their queue; somebody sits before a query. */
export interface Resilience {
  documents: RetryOptions;
  queries: RetryOptions;
  breaker: CircuitBreakerOptions;
}
export const DEFAULT_RESILIENCE: Resilience = {
  documents: { attempts: 4, baseDelayMs: 500, maxDelayMs: 20_000 },
  queries: { attempts: 2, baseDelayMs: 200, maxDelayMs: 1_000 },
  breaker: { failuresToOpen: 5, openMs: 30_000 },
};

/** OpenAI's embeddings, or those of a server that speaks its protocol. */
export function openaiModel(
  settings: OpenAIEmbeddingSettings,
  resilience: Resilience = DEFAULT_RESILIENCE,
): EmbeddingModel {
  const { baseUrl, host, key, dimensions, sendDimensions } = embeddingEndpoint(settings);
  const client = openaiClient(settings, baseUrl);
  const breaker = new CircuitBreaker(resilience.breaker);
  const closing = new AbortController();
  const usage: EmbeddingUsage = { requests: 0, texts: 0, tokens: 0 };

  async function request(input: string[], signal: AbortSignal): Promise<Float32Array[]> {
    signal.throwIfAborted();
    usage.requests++;
    try {
      const body = { model: settings.model, input, ...(sendDimensions && { dimensions }) };
      const reply: unknown = await client.embeddings.create(body, { signal });
      usage.tokens += tokensOf(reply);
      const vectors = vectorsOf(reply, input.length, dimensions, host);
      usage.texts += vectors.length;
      return vectors;
    } catch (error) {
      signal.throwIfAborted();
      throw embeddingFailure(error, host);
    }
  }

  async function embed(texts: readonly string[], retry: RetryOptions, caller?: AbortSignal) {
    if (texts.some((text) => text.trim() === '')) {
      throw new EmbeddingError('TEXT_BLANK', 'A blank text has no embedding.');
    }
    const signal = caller ? AbortSignal.any([caller, closing.signal]) : closing.signal;
    const vectors: Float32Array[] = [];
    for (const batch of batches(texts, settings.maxTextsPerRequest ?? DEFAULT_TEXTS_PER_REQUEST)) {
      const once = () => breaker.run(() => request(batch, signal), isServerFailure);
      vectors.push(...(await retrying(once, retry, signal)));
    }
    return vectors;
  }

  return {
    key,
    dimensions,
    usage,
    chunk: async (text) => chunkText(text, OPENAI_CHUNKS),
    embedDocuments: (texts, signal) => embed(texts, resilience.documents, signal),
    async embedQuery(text, signal) {
      const [vector] = await embed([text], resilience.queries, signal);
      if (!vector) throw new TypeError('one text gave no vector');
      return vector;
    },
    async close() {
      closing.abort(new EmbeddingError('MODEL_CLOSED', 'The embedding model was closed; open it again.'));
    },
  };
}

const OPENAI_CHUNKS = {
  maxTokens: OPENAI_CHUNK_TOKENS,
  overlapTokens: OPENAI_OVERLAP_TOKENS,
  countTokens: approximateTokens,
};

function isServerFailure(error: unknown): boolean {
  return error instanceof EmbeddingError && error.retryable;
}

function openaiClient(settings: OpenAIEmbeddingSettings, baseURL: string): OpenAI {
  return new OpenAI({
    apiKey: settings.apiKey,
    baseURL,
    timeout: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    // Our own loop also covers answers that break off, and the circuit breaker sees each try.
    maxRetries: 0,
    // The package reads the environment and logs bodies when told to: neither is wanted here.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    // A redirect would carry the text to a server that nobody configured.
    fetchOptions: { redirect: 'error' },
  });
}
