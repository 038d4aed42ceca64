import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import { isRecord, type Json, type JsonSchema } from '../src/json-schema.ts';
import type { InputShape } from '../src/operation-entry.ts';
import { BUDGET_ARGUMENT, isAsked } from './client-directives.ts';
import { directiveArguments } from './directive-arguments.ts';
import { nullable, scalarSchema } from './scalars.ts';

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

interface Naming {
  renamed: ReadonlyMap<string, string>;
  fixed: ReadonlyMap<string, string>;
  /** Reads: null means "not given" and is taken silently; writes: null may clear, and the schema says so. */
  nullMeansAbsent: boolean;
  report: (problem: string) => void;
}

/** The arguments of an operation as one JSON Schema object, and the shapes that map them back. */
export function inputSchemaOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  report: (problem: string) => void,
): { inputSchema: JsonSchema; inputs: Record<string, InputShape> } {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const inputs: Record<string, InputShape> = {};
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type: unknown = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const naming = namingOf(definition, operation.operation === 'query', report);
    const shape = shapeOf(type, naming, []);
    if (shape) inputs[name] = shape;
    if (isAsked(definition)) continue;
    const property = schemaOf(type, naming, []);
    if (definition.description) property.description = definition.description.value.trim();
    if (definition.defaultValue) {
      const value = jsonOf(valueFromASTUntyped(definition.defaultValue));
      if (value !== null) property.default = value;
    }
    // Page info, its cursor and word of what was left out alone take up to about 150.
    if (name === BUDGET_ARGUMENT) Object.assign(property, { minimum: 200, maximum: 100_000 });
    properties[name] = withoutNullIfDefault(property);
    if (isNonNullType(type) && !definition.defaultValue) required.push(name);
  }
  const inputSchema: JsonSchema = { $schema: DIALECT, type: 'object', properties };
  if (required.length > 0) inputSchema.required = required;
  inputSchema.additionalProperties = false;
  return { inputSchema, inputs };
}

function namingOf(
  definition: VariableDefinitionNode,
  nullMeansAbsent: boolean,
  report: Naming['report'],
): Naming {
  const pairs = (directive: string, to: string) =>
    new Map(
      directiveArguments(definition, directive).map((use) => [String(use.get('field')), String(use.get(to))]),
    );
  return { renamed: pairs('rename', 'as'), fixed: pairs('fixed', 'value'), nullMeansAbsent, report };
}

function schemaOf(type: GraphQLInputType, naming: Naming, within: readonly string[]): JsonSchema {
  if (!isNonNullType(type) && !naming.nullMeansAbsent) return nullable(nonNullSchema(type, naming, within));
  return nonNullSchema(getNullableType(type), naming, within);
}

function nonNullSchema(type: GraphQLInputType, naming: Naming, within: readonly string[]): JsonSchema {
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, naming, within) };
  if (isEnumType(type)) return { type: 'string', enum: type.getValues().map((value) => value.name) };
  if (isInputObjectType(type)) return objectSchema(type, naming, within);
  if (isScalarType(type)) {
    const schema = scalarSchema(type);
    if (!schema) naming.report(`scalar ${type.name} has no JSON form: add it to codegen/scalars.ts.`);
    return schema ?? {};
  }
  return {};
}

function objectSchema(type: GraphQLInputObjectType, naming: Naming, within: readonly string[]): JsonSchema {
  if (within.includes(type.name)) {
    naming.report(`input ${type.name} contains itself and cannot be written without $ref.`);
    return { type: 'object' };
  }
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of Object.values(type.getFields())) {
    if (naming.fixed.has(field.name)) continue;
    const name = publicName(field.name, naming);
    const property = schemaOf(field.type, naming, [...within, type.name]);
    if (field.description) property.description = field.description.trim();
    const value = defaultOf(field);
    if (value !== null) property.default = value;
    properties[name] = withoutNullIfDefault(property);
    if (isRequiredInputField(field)) required.push(name);
  }
  const schema: JsonSchema = { type: 'object', properties };
  if (required.length > 0) schema.required = required;
  if (type.isOneOf) Object.assign(schema, { minProperties: 1, maxProperties: 1 });
  schema.additionalProperties = false;
  return schema;
}

function shapeOf(type: GraphQLInputType, naming: Naming, within: readonly string[]): InputShape | undefined {
  if (isNonNullType(type) || isListType(type)) return shapeOf(type.ofType, naming, within);
  if (!isInputObjectType(type) || within.includes(type.name)) return undefined;
  const fields: InputShape['fields'] = {};
  for (const field of Object.values(type.getFields())) {
    if (naming.fixed.has(field.name)) continue;
    const shape = shapeOf(field.type, naming, [...within, type.name]);
    fields[publicName(field.name, naming)] = shape ? { to: field.name, shape } : { to: field.name };
  }
  const fixed = [...naming.fixed].filter(([field]) => field in type.getFields());
  return { fields, fixed: Object.fromEntries(fixed) };
}

/** The default of an input field, or null. */
export function defaultOf(field: GraphQLInputField): Json {
  return field.default?.literal ? jsonOf(valueFromASTUntyped(field.default.literal)) : null;
}

/** A field as callers name it. */
export function publicName(field: string, naming: Pick<Naming, 'renamed'>): string {
  return naming.renamed.get(field) ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An argument with a default need not be null: leaving it out says the same. */
function withoutNullIfDefault(property: JsonSchema): JsonSchema {
  if (property.default === undefined || !Array.isArray(property.type)) return property;
  const types = property.type.filter((type) => type !== 'null');
  const narrowed: JsonSchema = {
    ...property,
    type: types.length === 1 && types[0] !== undefined ? types[0] : types,
  };
  if (property.enum) narrowed.enum = property.enum.filter((value) => value !== null);
  return narrowed;
}

function jsonOf(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
  return null;
}
