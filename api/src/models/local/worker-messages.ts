import type { Pooling } from '../embedding-settings.ts';

/** Everything that a worker must know to run one model. */
export interface WorkerModel {
  modelFile: string;
  tokenizerFile: string;
  tokenizerConfigFile: string;
  pooling: Pooling;
  queryPrefix: string;
  documentPrefix: string;
  maxTokens: number;
  threads: number;
}

/** Given to the worker as `workerData`. */
export interface WorkerStart {
  model: WorkerModel;
  /** Memory of the `InFlightFlag`. */
  inFlight: SharedArrayBuffer;
}

export function isWorkerStart(data: unknown): data is WorkerStart {
  if (typeof data !== 'object' || data === null) return false;
  return 'model' in data && 'inFlight' in data && data.inFlight instanceof SharedArrayBuffer;
}

/** In order of urgency. */
export const REQUEST_KINDS = ['query', 'chunk', 'document'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export interface WorkerRequest {
  id: number;
  kind: RequestKind;
  text: string;
}

export type WorkerAnswer = Float32Array | string[];

export type WorkerReply = { id: number; answer: WorkerAnswer } | { id: number; failure: string };

/** Asks the worker to release the model and end. */
export const CLOSE_REQUEST = 'close';
