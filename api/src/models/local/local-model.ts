import type { EmbeddingModel } from '../embedding-model.ts';
import { EmbeddingError } from '../errors.ts';
import { startEmbeddingWorker, type EmbeddingWorker } from './start-worker.ts';
import type { WorkerAnswer, WorkerModel } from './worker-messages.ts';
import { WorkerQueue } from './worker-queue.ts';

export interface LocalModelDescription extends WorkerModel {
  key: string;
  dimensions: number;
}

/** A model of ONNX weights, run in a worker thread of this process. */
export function localModel(
  description: LocalModelDescription,
  startWorker: (model: WorkerModel) => EmbeddingWorker = startEmbeddingWorker,
): EmbeddingModel {
  const { key, dimensions, ...workerModel } = description;
  const queue = new WorkerQueue(() => startWorker(workerModel));

  const embed = async (kind: 'query' | 'document', text: string, signal?: AbortSignal) => {
    if (text.trim() === '') throw new EmbeddingError('TEXT_BLANK', 'A blank text has no embedding.');
    return checkedVector(await queue.run(kind, text, signal), dimensions);
  };
  return {
    key,
    dimensions,
    async chunk(text) {
      const chunks = await queue.run('chunk', text);
      if (chunks instanceof Float32Array) throw new TypeError('the worker answered "chunk" with a vector');
      return chunks;
    },
    embedDocuments: (texts, signal) => Promise.all(texts.map((text) => embed('document', text, signal))),
    embedQuery: (text, signal) => embed('query', text, signal),
    close: () => queue.close(),
  };
}

function checkedVector(answer: WorkerAnswer, dimensions: number): Float32Array {
  if (!(answer instanceof Float32Array)) throw new TypeError('the worker answered "embed" with chunks');
  if (answer.length === dimensions) return answer;
  throw new EmbeddingError(
    'MODEL_WRONG_DIMENSIONS',
    `The local model gives ${answer.length} dimensions, ${dimensions} are configured. ` +
      `Set its dimensions to ${answer.length}.`,
  );
}
