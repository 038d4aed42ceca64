import { EmbeddingError } from '../errors.ts';
import { RequestLines } from './request-lines.ts';
import type { EmbeddingWorker } from './start-worker.ts';
import type { RequestKind, WorkerAnswer, WorkerReply } from './worker-messages.ts';

/** Milliseconds for the last text to end; a worker that hangs is left behind, for to terminate it aborts the process. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Hands texts to a worker one by one. The waiting stays on this side, so that a query overtakes a thousand
 * documents and an aborted request costs nothing. The worker starts with the first request, and again with
 * the next request after it died; while it has nothing to do it does not keep the process alive.
 */
export class WorkerQueue {
  readonly #start: () => EmbeddingWorker;
  readonly #lines = new RequestLines();
  #worker: EmbeddingWorker | undefined;
  #closed = false;

  constructor(startWorker: () => EmbeddingWorker) {
    this.#start = startWorker;
  }

  async run(kind: RequestKind, text: string, signal?: AbortSignal): Promise<WorkerAnswer> {
    if (this.#closed) throw closedError();
    signal?.throwIfAborted();
    const answer = this.#lines.add(kind, text, signal);
    this.#next();
    return answer;
  }

  /** Rejects what waits, lets the text in flight end, then ends the worker. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#lines.rejectAll(closedError());
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    worker.thread.ref();
    const { promise, resolve } = Promise.withResolvers<void>();
    const overdue = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    worker.thread.once('exit', () => resolve());
    worker.end();
    await promise;
    clearTimeout(overdue);
    worker.thread.unref();
  }

  #next(): void {
    if (this.#closed || this.#lines.inFlight) return;
    const request = this.#lines.take();
    if (!request) {
      this.#worker?.thread.unref();
      return;
    }
    this.#worker ??= this.#startWorker();
    this.#worker.thread.ref();
    this.#worker.send(request);
  }

  #startWorker(): EmbeddingWorker {
    const worker = this.#start();
    worker.thread.on('message', (reply: WorkerReply) => {
      this.#lines.settle(reply);
      this.#next();
    });
    let cause = '';
    worker.thread.on('error', (error: unknown) => {
      cause = error instanceof Error ? `: ${error.message}` : '';
    });
    // Comes after 'error', and alone when the thread was ended from outside.
    worker.thread.on('exit', (code) => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#lines.rejectAll(crashedError(cause || ` with code ${code}`));
    });
    return worker;
  }
}

function crashedError(how: string): EmbeddingError {
  const message = `The worker of the local embedding model ended${how}. The next request starts it again.`;
  return new EmbeddingError('MODEL_WORKER_CRASHED', message, { retryable: true });
}

function closedError(): EmbeddingError {
  return new EmbeddingError('MODEL_CLOSED', 'The embedding model was closed; open it again to embed.');
}
