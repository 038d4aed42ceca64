import { Worker } from 'node:worker_threads';
import { InFlightFlag } from './in-flight-flag.ts';
import type { WorkerModel, WorkerRequest, WorkerStart } from './worker-messages.ts';
import { CLOSE_REQUEST } from './worker-messages.ts';

/** Milliseconds that the end of the process waits for the text in flight; the longest takes some 200. */
const EXIT_WAIT_MS = 3_000;

export interface EmbeddingWorker {
  readonly thread: Worker;
  send(request: WorkerRequest): void;
  /** Asks the worker to end after the text in flight. */
  end(): void;
}

export function startEmbeddingWorker(model: WorkerModel): EmbeddingWorker {
  const inFlight = new InFlightFlag();
  const start: WorkerStart = { model, inFlight: inFlight.memory };
  const thread = new Worker(new URL('./embedding-worker.ts', import.meta.url), {
    name: 'embedding',
    workerData: start,
    // Flags of the parent, such as an inspector's port or a loader, are not meant for the worker.
    execArgv: [],
  });
  const waitForText = () => inFlight.waitUntilLowered(EXIT_WAIT_MS);
  process.on('exit', waitForText);
  thread.once('exit', () => process.off('exit', waitForText));
  return {
    thread,
    send(request) {
      inFlight.raise();
      thread.postMessage(request);
    },
    end: () => thread.postMessage(CLOSE_REQUEST),
  };
}
