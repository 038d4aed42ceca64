import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type SelectionSetNode,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import type { JsonSchema } from '../src/json-schema.ts';
import { nullable, scalarSchema } from './scalars.ts';
import {
  type SelectedField,
  type SelectionContext,
  possibleTypes,
  selectedFields,
  subselections,
} from './selection.ts';

export interface OutputContext extends SelectionContext {
  /** Response paths, joined by dots, that the adapter takes out of the answer. */
  hidden: ReadonlySet<string>;
  report: (problem: string) => void;
}

/** The shape of what a selection answers; a union becomes one alternative per `__typename`. */
export function outputSchemaOf(
  context: OutputContext,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  path: readonly string[] = [],
): JsonSchema {
  const alternatives = possibleTypes(context.schema, type).map((object) =>
    objectSchema(context, object.name, selectedFields(context, object, sets), path),
  );
  const [only] = alternatives;
  if (!isAbstractType(type)) return only ?? { type: 'object' };
  if (alternatives.some((alternative) => alternative.properties?.['__typename'] === undefined)) {
    context.report(
      `${path.join('.')}: select __typename, so that the members of ${type.name} can be told apart.`,
    );
  }
  return { anyOf: alternatives };
}

function objectSchema(
  context: OutputContext,
  typename: string,
  fields: readonly SelectedField[],
  path: readonly string[],
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of fields) {
    const fieldPath = [...path, field.key];
    if (context.hidden.has(fieldPath.join('.'))) continue;
    properties[field.key] = field.definition
      ? valueSchema(context, field, field.definition.type, fieldPath)
      : { const: typename };
    if (!field.conditional) required.push(field.key);
  }
  const schema: JsonSchema = { type: 'object', properties };
  if (required.length > 0) schema.required = required;
  return schema;
}

function valueSchema(
  context: OutputContext,
  field: SelectedField,
  type: GraphQLOutputType,
  path: readonly string[],
): JsonSchema {
  if (!isNonNullType(type)) return nullable(nonNullSchema(context, field, type, path));
  return nonNullSchema(context, field, type.ofType, path);
}

function nonNullSchema(
  context: OutputContext,
  field: SelectedField,
  type: GraphQLOutputType,
  path: readonly string[],
): JsonSchema {
  if (isListType(type)) return { type: 'array', items: valueSchema(context, field, type.ofType, path) };
  if (isCompositeType(type)) return outputSchemaOf(context, type, subselections(field), path);
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map((value) => value.name) };
  if (isScalarType(type)) {
    const schema = scalarSchema(type);
    if (!schema) context.report(`scalar ${type.name} has no JSON form: add it to codegen/scalars.ts.`);
    return schema ?? {};
  }
  context.report(`${path.join('.')}: ${getNamedType(type).name} has no JSON form.`);
  return {};
}
