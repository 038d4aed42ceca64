import { EmbeddingError } from '../errors.ts';

/** The `EmbeddingError` that a promise rejects with; throws when it does anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<EmbeddingError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EmbeddingError)) throw new Error('expected an EmbeddingError', { cause: error });
  return error;
}
