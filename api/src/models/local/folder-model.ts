import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { LocalFolderSettings } from '../embedding-settings.ts';
import { EmbeddingError } from '../errors.ts';
import { fileHash } from '../weights/file-hash.ts';
import type { LocalModelDescription } from './local-model.ts';

const MODEL_FILES = ['onnx/model_quantized.onnx', 'onnx/model.onnx', 'model.onnx'];

/**
 * A model of the operator's own. Its key holds a hash of all that shapes a stored vector, so that exchanged
 * files or another pooling are noticed.
 *
 * @throws {EmbeddingError} `MODEL_MISCONFIGURED` when a file is missing.
 */
export async function folderModel(
  settings: LocalFolderSettings,
  threads: number,
): Promise<LocalModelDescription> {
  const folder = resolve(settings.path);
  const model = await firstFile(folder, MODEL_FILES);
  const tokenizer = await firstFile(folder, ['tokenizer.json']);
  const documentPrefix = settings.documentPrefix ?? '';
  const shape = [model.hash, tokenizer.hash, settings.pooling, documentPrefix, settings.maxTokens ?? ''];
  const version = createHash('sha256').update(shape.join('\n')).digest('hex').slice(0, 12);
  return {
    key: `${basename(folder)}-${version}/${settings.dimensions}`,
    dimensions: settings.dimensions,
    modelFile: model.file,
    tokenizerFile: tokenizer.file,
    tokenizerConfigFile: join(folder, 'tokenizer_config.json'),
    pooling: settings.pooling,
    queryPrefix: settings.queryPrefix ?? '',
    documentPrefix,
    maxTokens: settings.maxTokens ?? 512,
    threads,
  };
}

async function firstFile(folder: string, names: readonly string[]): Promise<{ file: string; hash: string }> {
  for (const name of names) {
    const file = join(folder, name);
    const hash = await fileHash(file);
    if (hash !== null) return { file, hash };
  }
  const message = `The folder of the local embedding model, ${folder}, has no ${names.join(' or ')}.`;
  throw new EmbeddingError('MODEL_MISCONFIGURED', message);
}
