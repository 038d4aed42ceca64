import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CLI_SETTINGS } from '../src/cli/settings.ts';
import { readConfig } from '../src/config.ts';

const example = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
const source = await readFile(new URL('../src/config.ts', import.meta.url), 'utf8');
const given = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(
  ([, name = '', value = '']) => [name, value] as const,
);

test('.env.example names every setting, and no other', () => {
  const read = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name);
  expect(read).toContain('PICARD_PORT');
  expect(given.map(([name]) => name).sort()).toEqual([...read, ...CLI_SETTINGS].sort());
});

test('.env.example as it stands says the same as no settings at all', () => {
  const base = { XDG_CACHE_HOME: '/cache' };
  expect(readConfig({ ...base, ...Object.fromEntries(given) })).toEqual(readConfig(base));
});
