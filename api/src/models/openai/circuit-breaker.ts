import { EmbeddingError } from '../errors.ts';

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  failuresToOpen: number;
  /** Milliseconds that it stays open before one request may try again. */
  openMs: number;
  /** A clock in milliseconds. */
  now?: () => number;
}

export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Spares a failing server, and lets those who wait fail at once instead of one time-out later: after some
 * failures in a row no request is sent for a while, then a single one, whose outcome decides.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #now: () => number;
  #failures = 0;
  #openedAt: number | undefined;
  #trialRunning = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get state(): CircuitState {
    if (this.#openedAt === undefined) return 'closed';
    return this.#remainingMs() > 0 ? 'open' : 'half-open';
  }

  /**
   * @param isFailure tells a failure of the server from an answer that merely is not what was wished for.
   * @throws {EmbeddingError} `MODEL_CIRCUIT_OPEN` with `retryAfterMs`, at once, while the circuit is open.
   */
  async run<T>(request: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
    const trial = this.state === 'half-open';
    if (this.state === 'open' || (trial && this.#trialRunning)) throw this.#openError();

    if (trial) this.#trialRunning = true;
    try {
      const result = await request();
      this.#succeed();
      return result;
    } catch (error) {
      if (isFailure(error)) this.#fail(trial);
      throw error;
    } finally {
      if (trial) this.#trialRunning = false;
    }
  }

  #succeed(): void {
    this.#failures = 0;
    this.#openedAt = undefined;
  }

  #fail(trial: boolean): void {
    this.#failures++;
    // Requests that were under way when it opened must not prolong it.
    const opens = this.#openedAt === undefined && this.#failures >= this.#options.failuresToOpen;
    if (trial || opens) this.#openedAt = this.#now();
  }

  #remainingMs(): number {
    return (this.#openedAt ?? 0) + this.#options.openMs - this.#now();
  }

  #openError(): EmbeddingError {
    const retryAfterMs = Math.max(0, this.#remainingMs());
    const message =
      `The embedding server failed ${this.#failures} times in a row and is left alone for now; ` +
      `the next try is due in ${Math.ceil(retryAfterMs / 1000)} s.`;
    return new EmbeddingError('MODEL_CIRCUIT_OPEN', message, { retryable: true, retryAfterMs });
  }
}
