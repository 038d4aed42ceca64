import type { GraphQLSchema } from 'graphql';
import type { CompletionEntry, Manifest, OperationEntry, ResourceEntry, ToolEntry } from '../src/manifest.ts';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';
import { directiveText } from './directive-arguments.ts';
import {
  lintBudget,
  lintCompletion,
  lintManifest,
  lintNotFound,
  lintOperation,
  lintResource,
} from './lint.ts';
import { type OperationDocument, type SourceFile, readOperations } from './operation-documents.ts';
import { CodegenProblems } from './problem.ts';

/**
 * Compiles operation documents to the manifest the adapter serves. The same input gives the same bytes.
 * @throws CodegenProblems with everything that is wrong, at once
 */
export function compileManifest(schema: GraphQLSchema, files: readonly SourceFile[]): Manifest {
  const problems: string[] = [];
  const manifest: Manifest = {
    version: 1,
    listCacheHint: { ttlMs: 300_000, cacheScope: 'public' },
    tools: [],
    resources: [],
    completions: [],
  };
  for (const source of readOperations(schema, files, (problem) => problems.push(problem))) {
    const report = (problem: string) => problems.push(`${source.path}: ${problem}`);
    const compiled = compileOperation(schema, source, report);
    if (!compiled) continue;
    lintOperation(source, compiled, report);
    place(manifest, source, compiled, report);
  }
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  manifest.tools.sort(byName);
  manifest.resources.sort(byName);
  manifest.completions.sort((a, b) => (a.argument < b.argument ? -1 : 1));
  lintManifest(manifest, (problem) => problems.push(problem));
  if (problems.length > 0) throw new CodegenProblems(problems);
  return manifest;
}

function place(
  manifest: Manifest,
  source: OperationDocument,
  compiled: CompiledOperation,
  report: (problem: string) => void,
): void {
  const uriTemplate = directiveText(source.operation, 'resource', 'uri');
  const argument = directiveText(source.operation, 'complete', 'argument');
  if (argument !== undefined) {
    manifest.completions.push(completion(compiled, argument, report));
  } else if (uriTemplate !== undefined) {
    const mimeType = directiveText(source.operation, 'resource', 'mimeType') ?? 'application/json';
    lintBudget(compiled, report);
    lintResource(uriTemplate, compiled, report);
    manifest.resources.push(resource(source, compiled, uriTemplate, mimeType));
  } else {
    lintBudget(compiled, report);
    lintNotFound(compiled, report);
    manifest.tools.push(tool(source, compiled));
  }
}

function tool(source: OperationDocument, compiled: CompiledOperation): ToolEntry {
  const { effects } = compiled;
  const reads = compiled.operationType === 'query';
  return {
    ...named(source, compiled),
    ...executable(compiled),
    outputSchema: compiled.outputSchema,
    annotations: {
      readOnlyHint: reads,
      destructiveHint: !reads && effects.destructive,
      idempotentHint: reads || effects.idempotent,
      openWorldHint: effects.openWorld,
    },
  };
}

function resource(
  source: OperationDocument,
  compiled: CompiledOperation,
  uriTemplate: string,
  mimeType: string,
): ResourceEntry {
  return {
    ...named(source, compiled),
    ...executable(compiled),
    uriTemplate,
    mimeType,
    rootKey: compiled.rootKey,
    cacheHint: { ttlMs: 0, cacheScope: 'private' },
  };
}

function completion(
  compiled: CompiledOperation,
  argument: string,
  report: (problem: string) => void,
): CompletionEntry {
  const { path, itemKey } = lintCompletion(compiled, report);
  const variable = Object.keys(compiled.inputSchema.properties ?? {})[0] ?? '';
  return { argument, variable, path, itemKey, ...executable(compiled) };
}

/** The description's first line is the title, the rest the description. */
function named(source: OperationDocument, compiled: CompiledOperation) {
  const [title = '', ...rest] = (source.operation.description?.value ?? '').trim().split('\n');
  return {
    name: snakeCase(compiled.operationName),
    title: title.trim(),
    description: rest.join('\n').trim(),
  };
}

function executable(compiled: CompiledOperation): OperationEntry {
  const { outputSchema: _output, effects: _effects, rootKey: _rootKey, lists: _lists, ...entry } = compiled;
  return entry;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, index: number) => `${index > 0 ? '_' : ''}${letter.toLowerCase()}`);
}
