import { readFile } from 'node:fs/promises';
import { newAdapterKey } from '@picard/mcp-adapter/adapter-key';
import { readAdapterConfig } from '@picard/mcp-adapter/config';
import { expect, test } from 'vitest';
import { CLI_SETTINGS } from '../src/cli/settings.ts';
import { readConfig } from '../src/config.ts';

const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
const sources = await Promise.all(
  ['../src/config.ts', '../../mcp-adapter/src/config.ts'].map((file) =>
    readFile(new URL(file, import.meta.url), 'utf8'),
  ),
);
const given = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(
  ([, name = '', value = '']) => [name, value] as const,
);

test('.env.example names every setting, and no other', () => {
  const read = new Set(sources.join('\n').match(/(?<=^ {2})[A-Z][A-Z_]+(?=: )/gm));
  expect(read).toContain('PICARD_PORT');
  expect(read).toContain('PICARD_API_URL');
  expect(given.map(([name]) => name).sort()).toEqual([...read, ...CLI_SETTINGS].sort());
});

test('.env.example as it stands says the same to an adapter that runs apart', async () => {
  const { privateJwk } = await newAdapterKey();
  const base = { PICARD_API_URL: 'http://localhost:8001', PICARD_ADAPTER_KEY: JSON.stringify(privateJwk) };
  expect(readAdapterConfig({ ...Object.fromEntries(given), ...base })).toEqual(readAdapterConfig(base));
});

test('.env.example as it stands says the same as no settings at all', () => {
  const base = { XDG_CACHE_HOME: '/cache' };
  expect(readConfig({ ...base, ...Object.fromEntries(given) })).toEqual(readConfig(base));
});
