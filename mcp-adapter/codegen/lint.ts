import { type JsonSchema, admits } from '../src/json-schema.ts';
import type { Manifest } from '../src/manifest.ts';
import { parseUriTemplate } from '../src/uri-template.ts';
import { BUDGET_ARGUMENT, isAsked } from './client-directives.ts';
import type { CompiledOperation } from './compile-operation.ts';
import { directiveArguments } from './directive-arguments.ts';
import type { OperationDocument } from './operation-documents.ts';

type Report = (problem: string) => void;

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const MAX_NAME = 64;

/** What every operation must keep, so that any host can list it and any model can choose it. */
export function lintOperation(source: OperationDocument, compiled: CompiledOperation, report: Report): void {
  const { operation } = source;
  const [title = '', blank, ...rest] = (operation.description?.value ?? '').trim().split('\n');
  if (title === '') report('missing description: write a title line, an empty line, and when to use it.');
  else if (title.length > 60 || (blank ?? '').trim() !== '' || rest.join('').trim() === '') {
    report('the description needs a title line of at most 60 characters, an empty line, and text.');
  } else if (!rest.join('\n').includes('Example: '))
    report('the description needs an example after "Example: ".');
  for (const variable of operation.variableDefinitions ?? []) {
    const name = variable.variable.name.value;
    if (isAsked(variable)) continue;
    if (!NAME.test(name)) report(`$${name}: variables are named in snake_case.`);
    const text = variable.description?.value ?? '';
    if (text === '') report(`$${name}: missing description.`);
    else if (!text.includes('Example: '))
      report(`$${name}: the description needs an example after "Example: ".`);
    lintInputDirectives(name, compiled, directiveArguments(variable, 'fixed'), report);
  }
  lintPortability(compiled.inputSchema, 'input', report);
  lintPortability(compiled.outputSchema, 'output', report);
  lintResponseKeys(compiled.outputSchema, report);
}

function lintInputDirectives(
  name: string,
  compiled: CompiledOperation,
  fixed: Map<string, unknown>[],
  report: Report,
): void {
  for (const use of fixed) {
    const field = String(use.get('field'));
    if (compiled.inputs[name]?.fixed[field] === undefined)
      report(`$${name}: @fixed names ${field}, which its type lacks.`);
  }
}

/** Hosts drop tools with a root combinator, a reference, or a root that is no object. */
export function lintPortability(schema: JsonSchema, where: string, report: Report): void {
  if (schema.type !== 'object') report(`${where} schema: the root must be an object.`);
  for (const keyword of ['anyOf', 'oneOf', 'allOf', 'not', 'if']) {
    if (keyword in schema) report(`${where} schema: no ${keyword} at the root.`);
  }
  if (/"\$(ref|defs|dynamicRef)":/.test(JSON.stringify(schema)))
    report(`${where} schema: no $ref and no $defs.`);
}

function lintResponseKeys(schema: JsonSchema, report: Report): void {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (key !== '__typename' && !NAME.test(key)) report(`response key ${key}: give it a snake_case alias.`);
    lintResponseKeys(property, report);
  }
  for (const alternative of schema.anyOf ?? []) lintResponseKeys(alternative, report);
  if (schema.items) lintResponseKeys(schema.items, report);
}

/** What the tools and resources must keep together. */
export function lintManifest(manifest: Manifest, report: Report): void {
  const seen = new Set<string>();
  for (const { name } of [...manifest.tools, ...manifest.resources]) {
    if (seen.has(name)) report(`The name ${name} is taken.`);
    seen.add(name);
  }
  for (const { name } of [...manifest.tools, ...manifest.resources, ...manifest.prompts]) {
    if (name.length > MAX_NAME || !NAME.test(name)) {
      report(`The name ${name} must be at most ${MAX_NAME} lower-case letters, digits and underscores.`);
    }
  }
}

/** What is shown to a model is cut to a token budget wherever its length depends on the data. */
export function lintBudget(compiled: CompiledOperation, report: Report): void {
  const declares = compiled.inputSchema.properties?.[BUDGET_ARGUMENT] !== undefined;
  if (declares && compiled.lists === 0) report(`$${BUDGET_ARGUMENT} has no list to cut.`);
  if (!declares && compiled.lists > 0) report(`a list of objects needs $${BUDGET_ARGUMENT}: Int = 4000.`);
}

/** Every variable of a resource is in its URI template, and the other way round. */
export function lintResource(uriTemplate: string, compiled: CompiledOperation, report: Report): void {
  const { path, query } = parseUriTemplate(uriTemplate);
  const inTemplate = new Set([...path, ...query]);
  const variables = Object.keys(compiled.inputSchema.properties ?? {});
  for (const name of variables)
    if (!inTemplate.has(name)) report(`@resource: $${name} is not in ${uriTemplate}.`);
  for (const name of inTemplate)
    if (!variables.includes(name)) report(`@resource: ${name} in the URI is no variable.`);
  if (compiled.operationType !== 'query') report('@resource: only a query can be a resource.');
}

/** A completion takes one text and answers one list of texts. */
export function lintCompletion(
  compiled: CompiledOperation,
  report: Report,
): { path: string[]; itemKey: string | null } {
  if (Object.keys(compiled.inputSchema.properties ?? {}).length !== 1)
    report('@complete: needs exactly one variable.');
  const path: string[] = [];
  let schema: JsonSchema | undefined = compiled.outputSchema;
  while (schema && !schema.items) {
    const [next]: [string, JsonSchema][] = Object.entries(schema.properties ?? {});
    if (next) path.push(next[0]);
    schema = next?.[1];
  }
  if (!schema?.items) {
    report('@complete: needs a list of values.');
    return { path: [], itemKey: null };
  }
  return { path, itemKey: Object.keys(schema.items.properties ?? {})[0] ?? null };
}

/** A model must not have to guess what null means. */
export function lintNotFound(compiled: CompiledOperation, report: Report): void {
  for (const [key, schema] of Object.entries(compiled.outputSchema.properties ?? {})) {
    const nullable =
      admits(schema, 'null') || schema.anyOf?.some((alternative) => admits(alternative, 'null'));
    if (nullable) report(`${key} may be null: say with @notFound what a caller is told then.`);
  }
}

/** What is asked in words of arguments names arguments that there are. */
export function lintAsks({ asks, confirm, inputSchema }: CompiledOperation, report: Report): void {
  const texts = [...asks.map(({ message }) => message), ...(confirm ? [confirm.message] : [])];
  for (const [, name = ''] of texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)])) {
    if (inputSchema.properties?.[name] === undefined) report(`{${name}} in what is asked is no argument.`);
  }
}
