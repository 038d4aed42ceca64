import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { type Manifest, isManifest } from '../src/manifest.ts';
import { compileManifest } from './compile-manifest.ts';
import { type SurfaceChange, diffManifests } from './manifest-diff.ts';
import type { SourceFile } from './operation-documents.ts';
import { toolsPage } from './tools-page.ts';

export interface CodegenOptions {
  /** The project's folder, with a slash at its end. */
  root: URL;
  /** Compare only, write nothing. */
  check: boolean;
  /** Write even if callers may break. */
  acceptBreaking: boolean;
  print: (line: string) => void;
}

/** Generates, or with `check` verifies, the manifest and the tools page. Answers the exit code. */
export function runCodegen({ root, check, acceptBreaking, print }: CodegenOptions): number {
  const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));
  const manifest = compileManifest(
    schema,
    readFiles(new URL('mcp-adapter/operations/', root), '.graphql'),
    readFiles(new URL('mcp-adapter/prompts/', root), '.md'),
  );
  const outputs = [
    { url: new URL('mcp-adapter/manifest.json', root), text: `${JSON.stringify(manifest, null, 2)}\n` },
    { url: new URL('docs/mcp-tools.md', root), text: toolsPage(manifest) },
  ];
  const stale = outputs.filter(({ url, text }) => readIfThere(url) !== text);
  if (stale.length === 0) {
    print(`codegen: ${manifest.tools.length} tools, ${manifest.resources.length} resources, up to date.`);
    return 0;
  }
  const changes = changesSince(readIfThere(new URL('mcp-adapter/manifest.json', root)), manifest);
  for (const { breaking, text } of changes) print(`${breaking ? 'BREAKING ' : '         '}${text}`);
  if (check) {
    for (const { url } of stale) print(`stale: ${url.pathname.slice(root.pathname.length)}`);
    print(
      'codegen: the committed files do not match the schema and operations. Run `npm run codegen` and commit.',
    );
    return 1;
  }
  if (changes.some((change) => change.breaking) && !acceptBreaking) {
    print(
      'codegen: nothing written. Callers may break: keep the old form, or run again with --accept-breaking.',
    );
    return 1;
  }
  for (const { url, text } of stale) writeFileSync(url, text);
  print(
    `codegen: wrote ${stale.length} file(s), ${manifest.tools.length} tools, ${manifest.resources.length} resources.`,
  );
  return 0;
}

/** All files of a kind below a folder, in an order that does not depend on the file system. */
export function readFiles(folder: URL, ending: '.graphql' | '.md'): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(new URL(path, folder), 'utf8') }));
}

function changesSince(committed: string | undefined, manifest: Manifest): SurfaceChange[] {
  const before: unknown = committed === undefined ? undefined : JSON.parse(committed);
  return isManifest(before) ? diffManifests(before, manifest) : [];
}

function readIfThere(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
