import type { JsonSchema } from '../src/json-schema.ts';
import type { PromptEntry } from '../src/manifest.ts';
import type { OperationEntry } from '../src/operation-entry.ts';
import { type TemplatePart, parseTemplate } from '../src/prompt-template.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { readFrontMatter } from './front-matter.ts';
import type { SourceFile } from './operation-documents.ts';

type Report = (problem: string) => void;

/** Compiles `prompts/NAME.md`, checking every name of its template against its arguments and its data. */
export function compilePrompt(
  file: SourceFile,
  promptData: ReadonlyMap<string, CompiledOperation>,
  executable: (compiled: CompiledOperation) => OperationEntry,
  report: Report,
): PromptEntry {
  const { title, description, data: operation, arguments: args, body } = readFrontMatter(file.text, report);
  const data = operation === undefined ? undefined : promptData.get(operation);
  if (operation !== undefined && !data) report(`data: there is no query ${operation} with @prompt.`);
  if (data) lintArguments(data, args, report);
  const root: JsonSchema = {
    properties: {
      ...Object.fromEntries(args.map(({ name }) => [name, { type: 'string' }])),
      ...(data ? { data: data.outputSchema } : {}),
    },
  };
  try {
    lintParts(parseTemplate(body), [root], report);
  } catch (error) {
    report(error instanceof Error ? error.message : 'the template cannot be read.');
  }
  return {
    name: file.path.replace(/\.md$/, '').replaceAll('-', '_'),
    title,
    description,
    arguments: args,
    template: body,
    data: data ? executable(data) : null,
  };
}

function lintArguments(data: CompiledOperation, args: PromptEntry['arguments'], report: Report): void {
  for (const name of data.inputSchema.required ?? []) {
    if (!args.some((argument) => argument.name === name && argument.required))
      report(`${data.operationName} needs $${name}: make it an argument that must be given.`);
  }
}

function lintParts(parts: readonly TemplatePart[], scopes: readonly JsonSchema[], report: Report): void {
  for (const part of parts) {
    if (part.kind === 'text') continue;
    const schema = scopes.map((scope) => schemaAt(scope, part.path)).find((found) => found !== undefined);
    if (!schema) report(`{{${part.path.join('.')}}}: neither an argument nor in the data.`);
    if (part.kind === 'if' || part.kind === 'each') {
      const item = part.kind === 'each' ? schema?.items : undefined;
      if (part.kind === 'each' && schema && !item) report(`{{#each ${part.path.join('.')}}}: no list.`);
      lintParts(part.parts, item ? [item, ...scopes] : scopes, report);
      if (part.kind === 'if') lintParts(part.otherwise, scopes, report);
    }
  }
}

function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
}
