import { EmbeddingError } from '../errors.ts';
import {
  REQUEST_KINDS,
  type RequestKind,
  type WorkerAnswer,
  type WorkerReply,
  type WorkerRequest,
} from './worker-messages.ts';

interface Waiting {
  request: WorkerRequest;
  resolve(answer: WorkerAnswer): void;
  reject(reason: unknown): void;
}

/** One line of waiting requests for each kind, and the one request that is with the worker. */
export class RequestLines {
  // Sets keep their order and give up a member anywhere at once.
  readonly #lines: Record<RequestKind, Set<Waiting>> = {
    query: new Set(),
    chunk: new Set(),
    document: new Set(),
  };
  #inFlight: Waiting | undefined;
  #lastId = 0;

  get inFlight(): boolean {
    return this.#inFlight !== undefined;
  }

  /** Resolves with the worker's answer; rejects as soon as `signal` aborts, wherever the request then is. */
  add(kind: RequestKind, text: string, signal: AbortSignal | undefined): Promise<WorkerAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerAnswer>();
    const waiting: Waiting = { request: { id: ++this.#lastId, kind, text }, resolve, reject };
    this.#lines[kind].add(waiting);
    if (!signal) return promise;

    const abort = () => {
      this.#lines[kind].delete(waiting);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** The most urgent request, which is then in flight. */
  take(): WorkerRequest | undefined {
    for (const kind of REQUEST_KINDS) {
      for (const waiting of this.#lines[kind]) {
        this.#lines[kind].delete(waiting);
        this.#inFlight = waiting;
        return waiting.request;
      }
    }
    return undefined;
  }

  settle(reply: WorkerReply): void {
    const waiting = this.#inFlight;
    if (waiting?.request.id !== reply.id) return;
    this.#inFlight = undefined;
    if ('answer' in reply) waiting.resolve(reply.answer);
    else waiting.reject(failedError(reply.failure));
  }

  rejectAll(reason: unknown): void {
    this.#inFlight?.reject(reason);
    this.#inFlight = undefined;
    for (const kind of REQUEST_KINDS) {
      for (const waiting of this.#lines[kind]) waiting.reject(reason);
      this.#lines[kind].clear();
    }
  }
}

function failedError(failure: string): EmbeddingError {
  return new EmbeddingError(
    'MODEL_BAD_REPLY',
    `The local embedding model could not read a text: ${failure}.`,
  );
}
