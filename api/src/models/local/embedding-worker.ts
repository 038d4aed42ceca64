import { parentPort, workerData } from 'node:worker_threads';
import { chunkText } from '../chunk-text.ts';
import { localChunkLimits } from './chunk-limits.ts';
import { InFlightFlag } from './in-flight-flag.ts';
import { openOnnxEncoder } from './onnx-session.ts';
import { openTokenizer } from './tokenizer.ts';
import {
  CLOSE_REQUEST,
  isWorkerStart,
  type WorkerAnswer,
  type WorkerReply,
  type WorkerRequest,
} from './worker-messages.ts';

if (!parentPort) throw new Error('embedding-worker.ts runs as a worker thread only');
const port = parentPort;
const start: unknown = workerData;
if (!isWorkerStart(start)) throw new Error('the worker was not told what to run');
const { model } = start;
const inFlight = new InFlightFlag(start.inFlight);
const encoder = await openOnnxEncoder(model.modelFile, model);
const tokenizer = await openTokenizer(model.tokenizerFile, model.tokenizerConfigFile, model.maxTokens);
const limits = localChunkLimits(tokenizer, model.maxTokens, model.documentPrefix);

async function answer({ kind, text }: WorkerRequest): Promise<WorkerAnswer> {
  if (kind === 'chunk') return chunkText(text, limits);
  const prefix = kind === 'query' ? model.queryPrefix : model.documentPrefix;
  return encoder.embed(tokenizer.encode(prefix + text));
}

async function replyTo(request: WorkerRequest): Promise<WorkerReply> {
  const { id } = request;
  try {
    return { id, answer: await answer(request) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : 'unknown failure' };
  }
}

async function serve(request: WorkerRequest | typeof CLOSE_REQUEST): Promise<void> {
  if (request === CLOSE_REQUEST) {
    await encoder.release();
    port.close();
    return;
  }
  const message = await replyTo(request);
  // Before the reply: the other side raises it again with the next request.
  inFlight.lower();
  port.postMessage(message);
}

port.on('message', (request: WorkerRequest | typeof CLOSE_REQUEST) => void serve(request));
