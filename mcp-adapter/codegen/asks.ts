import {
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
} from 'graphql';
import type { Ask } from '../src/operation-entry.ts';
import { CONFIRMED_ARGUMENT, isAsked } from './client-directives.ts';
import { directiveArguments, directiveText } from './directive-arguments.ts';
import { type FormNaming, formProperty, formSchemaOf } from './form-schema.ts';

type Report = (problem: string) => void;

/** What is asked before an operation runs, in the order of its variables. */
export function asksOf(schema: GraphQLSchema, operation: OperationDefinitionNode, report: Report): Ask[] {
  return (operation.variableDefinitions ?? []).flatMap((definition) => {
    if (!isAsked(definition)) return [];
    const type: unknown = typeFromAST(schema, definition.type);
    return isInputType(type) ? [askOf(definition, type, report)] : [];
  });
}

function askOf(definition: VariableDefinitionNode, type: GraphQLInputType, report: Report): Ask {
  const variable = definition.variable.name.value;
  const base = { variable, required: isNonNullType(type) };
  const [ask] = directiveArguments(definition, 'ask');
  if (ask)
    return { ...base, ...form(definition, type, report), kind: 'form', round: numberIn(ask, 'round', 1) };
  const inner = getNullableType(type);
  const [sample] = directiveArguments(definition, 'sample');
  if (sample) {
    if (String(inner) !== 'String') report(`$${variable}: @sample answers one String.`);
    return {
      ...base,
      kind: 'sample',
      message: String(sample.get('prompt')),
      maxTokens: numberIn(sample, 'maxTokens', 1000),
      round: numberIn(sample, 'round', 1),
    };
  }
  if (!isListType(inner) || String(getNullableType(inner.ofType)) !== 'String')
    report(`$${variable}: @roots answers a list of String.`);
  const [roots] = directiveArguments(definition, 'roots');
  return { ...base, kind: 'roots', message: '', round: numberIn(roots, 'round', 1) };
}

function form(definition: VariableDefinitionNode, type: GraphQLInputType, report: Report) {
  const variable = definition.variable.name.value;
  const naming: FormNaming = {
    renamed: new Map(
      directiveArguments(definition, 'rename').map((use) => [
        String(use.get('field')),
        String(use.get('as')),
      ]),
    ),
    enumNames: new Set(directiveArguments(definition, 'enumNames').map((use) => String(use.get('field')))),
    report: (problem) => report(`$${variable}: ${problem}`),
  };
  const message = directiveText(definition, 'ask', 'message') ?? '';
  const inner = getNullableType(type);
  if (isInputObjectType(inner)) return { message, wraps: false, schema: formSchemaOf(inner, naming) };
  const property = formProperty(inner, naming, variable);
  const schema = { type: 'object', properties: { [variable]: property }, required: [variable] };
  return { message, wraps: true, schema };
}

/** What the person must agree to; null where nothing is to be confirmed. */
export function confirmOf(operation: OperationDefinitionNode, report: Report): { message: string } | null {
  const message = directiveText(operation, 'confirm', 'message');
  const declared = operation.variableDefinitions?.some((v) => v.variable.name.value === CONFIRMED_ARGUMENT);
  if (message === undefined) {
    if (declared) report(`$${CONFIRMED_ARGUMENT} needs @confirm.`);
    return null;
  }
  if (!declared) report(`@confirm needs $${CONFIRMED_ARGUMENT}: Boolean = false, for hosts that cannot ask.`);
  return { message };
}

function numberIn(use: Map<string, unknown> | undefined, name: string, fallback: number): number {
  const value = use?.get(name);
  return value === undefined ? fallback : Number(value);
}
