import type { CompletionEntry, Manifest, ResourceEntry, ToolEntry } from '../src/manifest.ts';
import type { OperationEntry } from '../src/operation-entry.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { directiveArguments, directiveText } from './directive-arguments.ts';
import { lintAsks, lintBudget, lintCompletion, lintNotFound, lintOperation, lintResource } from './lint.ts';
import type { OperationDocument } from './operation-documents.ts';
import type { ResourceListDraft } from './resource-lists.ts';
import { partsOf, progressOf, updatesOf } from './streams.ts';

type Report = (problem: string) => void;

/** A manifest in the making, with what waits until every operation is known. */
export interface Draft {
  manifest: Manifest;
  resourceLists: ResourceListDraft[];
  promptData: Map<string, CompiledOperation>;
}

/** Puts a compiled operation where its directives say; one without any is a tool. */
export function placeOperation(
  draft: Draft,
  source: OperationDocument,
  compiled: CompiledOperation,
  report: Report,
): void {
  const { manifest } = draft;
  const { operation } = source;
  const says = (directive: string) => directiveArguments(operation, directive).length > 0;
  if (says('prompt')) {
    lintBudget(compiled, report);
    draft.promptData.set(compiled.operationName, compiled);
  } else if (says('list')) {
    draft.resourceLists.push({
      resource: directiveText(operation, 'list', 'resource') ?? '',
      nameTemplate: directiveText(operation, 'list', 'name') ?? '',
      entry: executable(compiled),
      outputSchema: compiled.outputSchema,
    });
  } else if (says('updates')) {
    if (manifest.updates) report('@updates: one subscription tells of all changes.');
    manifest.updates = updatesOf(operation, compiled, executable(compiled), report);
  } else if (says('complete')) {
    lintOperation(source, compiled, report);
    manifest.completions.push(completion(compiled, operation, report));
  } else if (says('resource')) {
    lintOperation(source, compiled, report);
    lintBudget(compiled, report);
    const entry = resource(source, compiled);
    lintResource(entry.uriTemplate, compiled, report);
    manifest.resources.push(entry);
  } else {
    lintOperation(source, compiled, report);
    lintBudget(compiled, report);
    lintNotFound(compiled, report);
    lintAsks(compiled, report);
    manifest.tools.push(tool(source, compiled, report));
  }
}

/** What is needed to execute a compiled operation. */
export function executable(compiled: CompiledOperation): OperationEntry {
  const { outputSchema: _output, effects: _effects, rootKey: _rootKey, lists: _lists, ...entry } = compiled;
  return entry;
}

function tool(source: OperationDocument, compiled: CompiledOperation, report: Report): ToolEntry {
  const { effects } = compiled;
  const reads = compiled.operationType !== 'mutation';
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
    progress: progressOf(source.operation, compiled.outputSchema, report),
    parts: partsOf(source.operation, compiled.inputSchema, report),
  };
}

function resource(source: OperationDocument, compiled: CompiledOperation): ResourceEntry {
  return {
    ...named(source, compiled),
    ...executable(compiled),
    uriTemplate: directiveText(source.operation, 'resource', 'uri') ?? '',
    mimeType: directiveText(source.operation, 'resource', 'mimeType') ?? 'application/json',
    rootKey: compiled.rootKey,
    cacheHint: { ttlMs: 0, cacheScope: 'private' },
  };
}

function completion(
  compiled: CompiledOperation,
  operation: OperationDocument['operation'],
  report: Report,
): CompletionEntry {
  const { path, itemKey } = lintCompletion(compiled, report);
  const argument = directiveText(operation, 'complete', 'argument') ?? '';
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

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, index: number) => `${index > 0 ? '_' : ''}${letter.toLowerCase()}`);
}
