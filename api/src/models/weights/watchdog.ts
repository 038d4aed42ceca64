export interface DownloadTimeouts {
  /** Milliseconds for the first answer of a source; the next one is tried after that. */
  connectMs: number;
  /** Milliseconds without a byte after which a download is given up. */
  stallMs: number;
}

export const DOWNLOAD_TIMEOUTS: DownloadTimeouts = { connectMs: 3_000, stallMs: 30_000 };

/** Aborts a download that does not begin, or that stands still; a slow one may take its time. */
export class Watchdog implements Disposable {
  readonly #controller = new AbortController();
  readonly #stallMs: number;
  #timer: NodeJS.Timeout;

  constructor({ connectMs, stallMs }: DownloadTimeouts) {
    this.#stallMs = stallMs;
    this.#timer = this.#expireAfter(connectMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** To be called with every sign of life. */
  alive(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#expireAfter(this.#stallMs);
  }

  /** Settles as `download` does, but at once with the reason when the time is up. */
  async guard<T>(download: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const expire = () => reject(this.signal.reason);
    this.signal.addEventListener('abort', expire, { once: true });
    try {
      return await Promise.race([download, promise]);
    } finally {
      this.signal.removeEventListener('abort', expire);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #expireAfter(milliseconds: number): NodeJS.Timeout {
    const reason = new Error(`no answer for ${milliseconds / 1000} s`);
    return setTimeout(() => this.#controller.abort(reason), milliseconds);
  }
}
