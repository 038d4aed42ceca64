import { EmbeddingError } from '../errors.ts';
import { unitVector } from '../unit-vector.ts';

/**
 * Reads the vectors out of an answer of `POST /embeddings`, in the order of the texts. Nothing of the answer
 * is believed: compatible servers leave out `index`, ignore `dimensions` or answer with a page of HTML.
 *
 * @throws {EmbeddingError} `MODEL_BAD_REPLY` or `MODEL_WRONG_DIMENSIONS`.
 */
export function vectorsOf(reply: unknown, count: number, dimensions: number, host: string): Float32Array[] {
  const data = isObject(reply) ? reply['data'] : undefined;
  if (!Array.isArray(data)) throw badReply(host, 'without a list of embeddings');
  if (data.length !== count) throw badReply(host, `with ${data.length} embeddings for ${count} texts`);

  const vectors = new Map<number, Float32Array>();
  for (const [position, item] of data.entries()) {
    if (!isObject(item) || !isNumbers(item['embedding']))
      throw badReply(host, 'with something else than numbers');
    const values = item['embedding'];
    if (values.length !== dimensions) throw wrongDimensions(host, values.length, dimensions);
    const vector = unitVector(values);
    if (!vector) throw badReply(host, 'with an embedding that has no direction');
    vectors.set(typeof item['index'] === 'number' ? item['index'] : position, vector);
  }
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index);
    if (!vector) throw badReply(host, `without the embedding number ${index}`);
    return vector;
  });
}

/** Tokens that the answer says it cost; 0 when it does not say. */
export function tokensOf(reply: unknown): number {
  const usage = isObject(reply) ? reply['usage'] : undefined;
  const tokens = isObject(usage) ? usage['total_tokens'] : undefined;
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens > 0 ? tokens : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'number');
}

function badReply(host: string, how: string): EmbeddingError {
  return new EmbeddingError('MODEL_BAD_REPLY', `${host} sent an answer ${how}.`, { retryable: true });
}

function wrongDimensions(host: string, found: number, configured: number): EmbeddingError {
  return new EmbeddingError(
    'MODEL_WRONG_DIMENSIONS',
    `${host} sent embeddings of ${found} dimensions, ${configured} are configured. ` +
      `Configure ${found}, or a model that can give ${configured}.`,
  );
}
