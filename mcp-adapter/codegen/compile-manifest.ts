import type { GraphQLSchema } from 'graphql';
import type { Manifest } from '../src/manifest.ts';
import { compileOperation } from './compile-operation.ts';
import { compilePrompt } from './compile-prompt.ts';
import { lintManifest } from './lint.ts';
import { type SourceFile, readOperations } from './operation-documents.ts';
import { type Draft, executable, placeOperation } from './place-operation.ts';
import { CodegenProblems } from './problem.ts';
import { resourceListOf } from './resource-lists.ts';

/**
 * Compiles operation documents and prompts to the manifest the adapter serves. The same input gives the same bytes.
 * @throws CodegenProblems with everything that is wrong, at once
 */
export function compileManifest(
  schema: GraphQLSchema,
  files: readonly SourceFile[],
  prompts: readonly SourceFile[] = [],
): Manifest {
  const problems: string[] = [];
  const draft: Draft = {
    manifest: {
      version: 1,
      listCacheHint: { ttlMs: 300_000, cacheScope: 'public' },
      tools: [],
      resources: [],
      completions: [],
      prompts: [],
      resourceList: null,
      updates: null,
    },
    resourceLists: [],
    promptData: new Map(),
  };
  const { manifest, promptData, resourceLists } = draft;
  const report = (problem: string) => problems.push(problem);
  for (const source of readOperations(schema, files, report)) {
    const reportHere = (problem: string) => problems.push(`${source.path}: ${problem}`);
    const compiled = compileOperation(schema, source, reportHere);
    if (compiled) placeOperation(draft, source, compiled, reportHere);
  }
  for (const file of prompts) {
    manifest.prompts.push(
      compilePrompt(file, promptData, executable, (problem) => problems.push(`${file.path}: ${problem}`)),
    );
  }
  const [list, ...others] = resourceLists;
  if (list) manifest.resourceList = resourceListOf(list, manifest.resources, report) ?? null;
  for (const { entry } of others)
    report(`${entry.operationName}: there is one @list, as its cursors are the list's.`);
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  for (const entries of [manifest.tools, manifest.resources, manifest.prompts]) entries.sort(byName);
  manifest.completions.sort((a, b) => (a.argument < b.argument ? -1 : 1));
  lintManifest(manifest, report);
  if (problems.length > 0) throw new CodegenProblems(problems);
  return manifest;
}
