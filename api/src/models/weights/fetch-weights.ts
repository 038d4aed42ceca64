import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileHash } from './file-hash.ts';
import type { WeightSource } from './weight-source.ts';
import type { Weights } from './weights.ts';

const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * Finds the weights in the cache or fetches them from the first source that gives the right bytes.
 *
 * Files are downloaded under a temporary name and renamed when their hash is right, so that two processes may
 * do this at once and one that is killed leaves nothing half-written under the final name.
 *
 * @returns the folder that holds the files, or `null` when no source could give them.
 */
export async function fetchWeights(
  weights: Weights,
  cacheFolder: string,
  sources: readonly WeightSource[],
  onNotice: (message: string) => void,
): Promise<string | null> {
  const folder = join(cacheFolder, weights.name);
  if (await isComplete(weights, folder)) return folder;

  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned(cacheFolder, stagingPrefix(weights));
  for (const source of sources) {
    const staging = await mkdtemp(join(cacheFolder, stagingPrefix(weights)));
    try {
      await source.download(weights, staging);
      await moveChecked(weights, staging, folder);
      onNotice(`Fetched the embedding model ${weights.name} from ${source.name}.`);
      return folder;
    } catch (error) {
      const why = error instanceof Error ? reasonOf(error) : 'unknown reason';
      onNotice(`Could not fetch the embedding model ${weights.name} from ${source.name}: ${why}.`);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
  return null;
}

const stagingPrefix = (weights: Weights) => `.${weights.name}-`;

/** Downloads of processes that were killed; a living one of another process is younger. */
async function removeAbandoned(cacheFolder: string, prefix: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const path = join(cacheFolder, name);
    const touched = name.startsWith(prefix) && (await stat(path).catch(() => null))?.mtimeMs;
    if (touched && touched < Date.now() - ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

async function isComplete(weights: Weights, folder: string): Promise<boolean> {
  for (const { path, sha256 } of weights.files) {
    if ((await fileHash(join(folder, path))) !== sha256) return false;
  }
  return true;
}

async function moveChecked(weights: Weights, staging: string, folder: string): Promise<void> {
  for (const { path, sha256 } of weights.files) {
    const found = await fileHash(join(staging, path));
    if (found !== sha256) throw new Error(`${path} has the SHA-256 ${found ?? 'of no file'}, not ${sha256}`);
  }
  for (const { path } of weights.files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(staging, path), target);
  }
}

/** fetch hides the reason ("fetch failed") in its cause. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
