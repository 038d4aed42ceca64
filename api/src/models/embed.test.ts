import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddingModel } from './embed.ts';
import type { EmbeddingSettings } from './embedding-settings.ts';
import type { LocalModelDescription } from './local/local-model.ts';
import { MODEL_CACHE, openTestModel, testModelDescription } from './testing/model-cache.ts';

let description: LocalModelDescription;
let emptyFolder: string;
const notices: string[] = [];

beforeAll(async () => {
  description = await testModelDescription();
  emptyFolder = await mkdtemp(join(tmpdir(), 'picard-embed-'));
}, 180_000);
afterAll(() => rm(emptyFolder, { recursive: true }));

function settings(more: Partial<EmbeddingSettings>): EmbeddingSettings {
  const onNotice = (message: string) => void notices.push(message);
  return { provider: 'local', cacheFolder: MODEL_CACHE, onNotice, ...more };
}

/** The folder of the default model, as if it were one of the operator's own. */
function ownFolder(): { path: string; dimensions: number; pooling: 'cls' | 'mean' } {
  return { path: dirname(description.tokenizerFile), dimensions: 384, pooling: 'cls' };
}

test('no model is opened when none is wanted', async () => {
  expect(await openEmbeddingModel(settings({ provider: 'none' }))).toBeNull();
});

test('without weights search is by words alone, and says so', async () => {
  expect(await openEmbeddingModel(settings({ cacheFolder: emptyFolder }), [])).toBeNull();
  expect(notices.at(-1)).toContain('words alone');
});

test('a cache folder that cannot be written is a notice, not a crash', async () => {
  const cacheFolder = join(description.tokenizerFile, 'not-a-folder');
  expect(await openEmbeddingModel(settings({ cacheFolder }), [])).toBeNull();
  expect(notices.at(-1)).toContain('words alone');
});

test('the default model answers and caches queries', async () => {
  const model = await openTestModel();
  expect(await model.embedQuery('words')).toEqual(await model.embedQuery('words'));
  await model.close();
});

test('a folder of your own is a model with a key of its contents', async () => {
  const cls = await openEmbeddingModel(settings({ localFolder: ownFolder() }));
  const mean = await openEmbeddingModel(settings({ localFolder: { ...ownFolder(), pooling: 'mean' } }));
  expect(cls?.key).toMatch(/^bge-small-en-v1\.5-int8-[0-9a-f]{12}\/384$/);
  expect(mean?.key).not.toBe(cls?.key);
  expect(await mean?.embedQuery('words')).not.toEqual(await cls?.embedQuery('words'));
  await Promise.all([cls?.close(), mean?.close()]);
});

test('a folder that cannot work is an error of the configuration', async () => {
  const missing = settings({ localFolder: { ...ownFolder(), path: emptyFolder } });
  await expect(openEmbeddingModel(missing)).rejects.toMatchObject({ code: 'MODEL_MISCONFIGURED' });
  const misstated = settings({ localFolder: { ...ownFolder(), dimensions: 768 } });
  await expect(openEmbeddingModel(misstated)).rejects.toMatchObject({ code: 'MODEL_WRONG_DIMENSIONS' });
});

test('an OpenAI-compatible server is not asked before it is needed', async () => {
  const openai = { apiKey: 'k', model: 'm', dimensions: 8, baseUrl: 'http://127.0.0.1:9/v1' };
  const model = await openEmbeddingModel(settings({ provider: 'openai', openai }));
  expect(model?.key).toBe('m/8@127.0.0.1:9');
  await expect(openEmbeddingModel(settings({ provider: 'openai' }))).rejects.toThrow(/API key/);
});

test.each([
  ['after close()', 'await model.close()'],
  ['without close() once it is idle', ''],
  ['while texts are in flight', 'model.embedDocuments(Array(99).fill(script)); setTimeout(process.exit, 9)'],
])('the process exits %s', async (_, end) => {
  const cache = new URL('./testing/model-cache.ts', import.meta.url).href;
  const script = `
    import { openTestModel } from '${cache}';
    const model = await openTestModel();
    const [vector] = await model.embedDocuments(['words']);
    console.log(vector.length);
    const script = 'words '.repeat(200);
    ${end};`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim()).toBe('384');
});
