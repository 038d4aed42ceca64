import type { OperationDefinitionNode } from 'graphql';
import type { JsonSchema } from '../src/json-schema.ts';
import type { UpdatesEntry } from '../src/manifest.ts';
import type { Parts, Progress } from '../src/operation-entry.ts';
import { parseUriTemplate } from '../src/uri-template.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { directiveArguments, directiveText } from './directive-arguments.ts';

type Report = (problem: string) => void;

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

/** How the events of a subscription become progress; null for an operation that answers once. */
export function progressOf(
  operation: OperationDefinitionNode,
  answer: JsonSchema,
  report: Report,
): Progress | null {
  if (operation.operation !== 'subscription') return null;
  if (!['progress', 'log'].some((name) => directiveArguments(operation, name).length > 0))
    report('a subscription is a tool only with @progress or @log.');
  const path = (directive: string, argument: string): string[] | null => {
    const text = directiveText(operation, directive, argument);
    if (text === undefined) return null;
    const steps = text.split('.');
    if (schemaAt(answer, steps) === undefined) report(`@${directive}: the answer has no ${text}.`);
    return steps;
  };
  const level = directiveText(operation, 'log', 'level');
  const known = LEVELS.find((each) => each === level);
  if (level !== undefined && known === undefined) report(`@log: the level is one of ${LEVELS.join(', ')}.`);
  const message = path('log', 'message');
  return {
    done: path('progress', 'done'),
    total: path('progress', 'total'),
    message: path('progress', 'message'),
    log: known && message ? { level: known, message } : null,
  };
}

/** How a batch is run in parts; null where it is run whole. */
export function partsOf(operation: OperationDefinitionNode, input: JsonSchema, report: Report): Parts | null {
  const [use] = directiveArguments(operation, 'parts');
  if (!use) return null;
  const argument = String(use.get('argument'));
  const unless = directiveText(operation, 'parts', 'unless') ?? null;
  for (const name of [argument, ...(unless === null ? [] : [unless])]) {
    if (input.properties?.[name] === undefined) report(`@parts: there is no argument ${name}.`);
  }
  return {
    argument,
    size: Number(use.get('size')),
    most: Number(use.get('most')),
    unless,
    distinct: directiveText(operation, 'parts', 'distinct') ?? null,
  };
}

/** Which resources an event has changed. */
export function updatesOf(
  operation: OperationDefinitionNode,
  compiled: CompiledOperation,
  entry: Omit<UpdatesEntry, 'key' | 'uris'>,
  report: Report,
): UpdatesEntry {
  const uris = directiveArguments(operation, 'updates').map((use) => String(use.get('uri')));
  const event = compiled.outputSchema.properties?.[compiled.rootKey]?.properties ?? {};
  for (const name of uris.flatMap((uri) => parseUriTemplate(uri).path)) {
    if (name !== 'caller_id' && event[name] === undefined) report(`@updates: an event has no ${name}.`);
  }
  return { ...entry, key: compiled.rootKey, uris };
}

function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
}
