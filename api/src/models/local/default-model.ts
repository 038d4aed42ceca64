import { join } from 'node:path';
import { BGE_SMALL_EN } from '../weights/weights.ts';
import type { LocalModelDescription } from './local-model.ts';

/** How bge-small-en-v1.5 wants to be run, by its model card. */
export function defaultModel(folder: string, threads: number): LocalModelDescription {
  const dimensions = 384;
  return {
    key: `${BGE_SMALL_EN.name}/${dimensions}`,
    dimensions,
    modelFile: join(folder, 'onnx', 'model_quantized.onnx'),
    tokenizerFile: join(folder, 'tokenizer.json'),
    tokenizerConfigFile: join(folder, 'tokenizer_config.json'),
    pooling: 'cls',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
    documentPrefix: '',
    maxTokens: 512,
    threads,
  };
}
