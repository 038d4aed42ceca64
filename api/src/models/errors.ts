export type EmbeddingErrorCode =
  /** The model cannot be reached, or answers with server errors. */
  | 'MODEL_UNAVAILABLE'
  /** The server failed so often that it is left alone for a while. */
  | 'MODEL_CIRCUIT_OPEN'
  /** No answer within the time-out. */
  | 'MODEL_TIMEOUT'
  /** The server asks for a pause. */
  | 'MODEL_RATE_LIMITED'
  /** The account at the server has no credit left. */
  | 'MODEL_QUOTA_EXCEEDED'
  /** The API key is missing, wrong or lacks permission. */
  | 'MODEL_UNAUTHORIZED'
  /** The server refuses the request itself: unknown model, text too long, unsupported option. */
  | 'MODEL_REJECTED'
  /** The answer is not what the protocol promises. */
  | 'MODEL_BAD_REPLY'
  /** Vectors came with another length than configured. */
  | 'MODEL_WRONG_DIMENSIONS'
  /** The worker thread of the local model ended unexpectedly. */
  | 'MODEL_WORKER_CRASHED'
  /** `close()` was called. */
  | 'MODEL_CLOSED'
  /** The configuration cannot work. */
  | 'MODEL_MISCONFIGURED'
  /** There is nothing to embed in the text. */
  | 'TEXT_BLANK';

/** Carries no text of the user and no API key: safe to log. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
  readonly code: EmbeddingErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds to wait before the next try, when the server or the circuit breaker said so. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: EmbeddingErrorCode,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number | undefined } = {},
  ) {
    super(message);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}
