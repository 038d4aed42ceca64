import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCodegen } from './run-codegen.ts';

const project = new URL('../../', import.meta.url);
let folder: string;
let printed: string[];

/** A copy of the inputs and committed outputs, free to be changed. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picard-codegen-'));
  for (const path of ['schema', 'docs', 'mcp-adapter']) mkdirSync(join(folder, path));
  for (const path of [
    'schema/schema.graphql',
    'docs/mcp-tools.md',
    'mcp-adapter/manifest.json',
    'mcp-adapter/operations',
    'mcp-adapter/prompts',
  ]) {
    cpSync(new URL(path, project), join(folder, path), { recursive: true });
  }
  printed = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(options: { check?: boolean; acceptBreaking?: boolean } = {}): number {
  const root = pathToFileURL(`${folder}/`);
  return runCodegen({
    root,
    check: false,
    acceptBreaking: false,
    ...options,
    print: (line) => printed.push(line),
  });
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')));
}

describe('codegen', () => {
  it('finds the committed files up to date', () => {
    expect(run({ check: true })).toBe(0);
    expect(printed.join()).toContain('up to date');
  });

  it('fails a check on drift, shows it, and writes nothing', () => {
    edit('mcp-adapter/operations/memories/query-memory.graphql', (text) =>
      text.replace('Search memories', 'Find memories'),
    );
    const before = readFileSync(join(folder, 'mcp-adapter/manifest.json'), 'utf8');
    expect(run({ check: true })).toBe(1);
    expect(printed.join('\n')).toContain('tool query_memory: description changed');
    expect(printed.join('\n')).toContain('stale: mcp-adapter/manifest.json');
    expect(readFileSync(join(folder, 'mcp-adapter/manifest.json'), 'utf8')).toBe(before);
    expect(run()).toBe(0);
    expect(run({ check: true })).toBe(0);
  });

  it('writes a breaking change only when told to', () => {
    rmSync(join(folder, 'mcp-adapter/operations/memories/undelete-memory.graphql'));
    expect(run()).toBe(1);
    expect(printed).toContain('BREAKING tool undelete_memory: removed');
    expect(run({ acceptBreaking: true })).toBe(0);
    expect(run({ check: true })).toBe(0);
  });

  it('writes both files anew when they are missing', () => {
    rmSync(join(folder, 'mcp-adapter/manifest.json'));
    rmSync(join(folder, 'docs/mcp-tools.md'));
    expect(run()).toBe(0);
    for (const path of ['mcp-adapter/manifest.json', 'docs/mcp-tools.md']) {
      expect(readFileSync(join(folder, path), 'utf8')).toBe(readFileSync(new URL(path, project), 'utf8'));
    }
  });
});
