import type { Fault } from './openai-faults.ts';
import { wordVector } from './word-vector.ts';

const NATIVE_DIMENSIONS = new Map([
  ['text-embedding-3-small', 1536],
  ['text-embedding-3-large', 3072],
  ['text-embedding-ada-002', 1536],
]);
const MAX_TEXTS = 2048;
const MAX_TOKENS_PER_TEXT = 8192;
const MAX_TOKENS = 300_000;

export interface EmbeddingsBody {
  model: string;
  input: string | string[];
  dimensions?: number;
  encoding_format?: 'float' | 'base64';
}

/**
 * `POST /v1/embeddings` with the limits and the refusals of the real one.
 *
 * @param ignoreDimensions as a compatible server does that gives its native length whatever is asked for.
 */
export function embeddings(body: EmbeddingsBody, ignoreDimensions: boolean): object | Fault {
  const native = NATIVE_DIMENSIONS.get(body.model);
  if (!native) return refusal(404, `The model ${body.model} does not exist`, 'model_not_found');
  const input = [body.input].flat();
  if (input.length === 0 || input.includes('')) return refusal(400, "'$.input' is invalid.");
  if (input.length > MAX_TEXTS) return refusal(400, `'$.input' is invalid: longer than ${MAX_TEXTS}.`);

  const tokens = input.map((text) => Math.ceil(Buffer.byteLength(text) / 4));
  if (Math.max(...tokens) > MAX_TOKENS_PER_TEXT)
    return refusal(400, `Reduce ${input[0]}`, 'context_length_exceeded');
  const total = tokens.reduce((sum, one) => sum + one, 0);
  if (total > MAX_TOKENS) return refusal(400, `Requested ${total} tokens`, 'max_tokens_per_request');
  if (body.dimensions !== undefined && body.model === 'text-embedding-ada-002') {
    return refusal(400, 'This model does not support specifying dimensions.');
  }
  const dimensions = ignoreDimensions ? native : (body.dimensions ?? native);
  if (dimensions > native || dimensions < 1) return refusal(400, `Invalid value for 'dimensions'`);

  const data = input.map((text, index) => {
    const vector = wordVector(text, dimensions);
    const embedding = body.encoding_format === 'base64' ? base64(vector) : Array.from(vector);
    return { object: 'embedding', index, embedding };
  });
  return { object: 'list', data, model: body.model, usage: { prompt_tokens: total, total_tokens: total } };
}

function base64(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}

function refusal(status: number, message: string, code?: string): Fault {
  return { kind: 'status', status, message, ...(code && { code }) };
}

export function isFault(answer: object | Fault): answer is Fault {
  return 'kind' in answer;
}
