import { APIConnectionTimeoutError, APIError } from 'openai';
import { EmbeddingError, type EmbeddingErrorCode } from '../errors.ts';

/**
 * Turns whatever the `openai` package throws into an error of ours. Servers quote the request in their
 * messages, the key or the text with it: only the status, the request's id and well-known codes are taken over.
 */
export function embeddingFailure(error: unknown, host: string): EmbeddingError {
  if (error instanceof EmbeddingError) return error;
  if (error instanceof APIConnectionTimeoutError) {
    return new EmbeddingError('MODEL_TIMEOUT', `${host} did not answer in time.`, { retryable: true });
  }
  if (isApiError(error)) {
    return error.status === undefined
      ? connectionFailure(error, host)
      : statusFailure(error, error.status, host);
  }
  const message = `${host} sent an answer that is cut off or is not JSON.`;
  return new EmbeddingError('MODEL_BAD_REPLY', message, { retryable: true });
}

/** `instanceof` alone would leave its fields `any`. */
function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

function connectionFailure(error: APIError, host: string): EmbeddingError {
  const message = `${host} cannot be reached${systemCode(error)}. Check its base URL and that it runs.`;
  return new EmbeddingError('MODEL_UNAVAILABLE', message, { retryable: true });
}

function statusFailure(error: APIError, status: number, host: string): EmbeddingError {
  const [code, what, retryable] = meaningOf(status, error.code);
  const named = typeof error.code === 'string' && KNOWN_CODES.has(error.code) ? `, ${error.code}` : '';
  const requestId = /^[\w-]{1,64}$/.test(error.requestID ?? '') ? `, request ${error.requestID}` : '';
  return new EmbeddingError(code, `${host} ${what} (HTTP status ${status}${named}${requestId}).`, {
    retryable,
    retryAfterMs: retryAfterMs(error.headers),
  });
}

const KNOWN_CODES = new Set([
  'context_length_exceeded',
  'insufficient_quota',
  'invalid_api_key',
  'max_tokens_per_request',
  'model_not_found',
  'rate_limit_exceeded',
]);

function meaningOf(
  status: number,
  code: string | null | undefined,
): [code: EmbeddingErrorCode, what: string, retryable: boolean] {
  if (code === 'insufficient_quota') {
    return ['MODEL_QUOTA_EXCEEDED', 'says that the account has no credit left; add some to go on', false];
  }
  if (status === 401 || status === 403) {
    return ['MODEL_UNAUTHORIZED', 'refuses the API key; check that it is right and may embed', false];
  }
  if (status === 429) return ['MODEL_RATE_LIMITED', 'asks for a pause', true];
  if (status === 408 || status === 409 || status >= 500) return ['MODEL_UNAVAILABLE', 'failed', true];
  const what = 'refuses the request; check the name of the model, its dimensions and the length of texts';
  return ['MODEL_REJECTED', what, false];
}

/** `Retry-After` of RFC 9110 section 10.2.3, in seconds or as a date, or OpenAI's own in milliseconds. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds) return positive(Number(milliseconds));
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number(value);
  return positive(Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000);
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function systemCode(error: Error): string {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return ` (${cause.code})`;
  }
  return '';
}
