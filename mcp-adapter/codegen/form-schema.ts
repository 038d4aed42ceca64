import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  isScalarType,
} from 'graphql';
import type { JsonSchema } from '../src/json-schema.ts';
import { defaultOf, publicName } from './input-schema.ts';
import { scalarSchema } from './scalars.ts';

export interface FormNaming {
  renamed: ReadonlyMap<string, string>;
  /** Fields of titled enums to write as enum and enumNames. */
  enumNames: ReadonlySet<string>;
  report: (problem: string) => void;
}

/** What the protocol lets a form ask for by format. */
const FORMATS = new Set(['email', 'uri', 'date', 'date-time']);

/** The flat object a form may ask for (MCP 2025-11-25, elicitation): primitives, enums and lists of enums. */
export function formSchemaOf(type: GraphQLInputObjectType, naming: FormNaming): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of Object.values(type.getFields())) {
    const name = publicName(field.name, naming);
    const property = formProperty(field.type, naming, field.name);
    if (field.description) property.description = field.description.trim();
    const value = defaultOf(field);
    if (value !== null) property.default = value;
    properties[name] = property;
    if (isRequiredInputField(field)) required.push(name);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** One field of a form. */
export function formProperty(type: GraphQLInputType, naming: FormNaming, field: string): JsonSchema {
  const inner = getNullableType(type);
  if (isEnumType(inner)) return enumSchema(inner, naming.enumNames.has(field));
  if (isListType(inner)) {
    const item = getNullableType(inner.ofType);
    if (isEnumType(item)) return { type: 'array', items: itemSchema(item) };
  }
  if (isScalarType(inner)) {
    const schema = scalarSchema(inner);
    if (schema) {
      const { format, ...rest } = schema;
      return format !== undefined && FORMATS.has(format) ? schema : rest;
    }
  }
  naming.report(`${field}: a form asks for texts, numbers, booleans, enums and lists of enums alone.`);
  return isInputObjectType(inner) ? { type: 'object' } : {};
}

/** Values that have descriptions are shown by them. */
function enumSchema(type: GraphQLEnumType, asNames: boolean): JsonSchema {
  const titled = titledValues(type);
  if (!titled) return { type: 'string', enum: type.getValues().map(({ name }) => name) };
  if (!asNames) return { type: 'string', oneOf: titled };
  return {
    type: 'string',
    enum: titled.map((value) => value.const),
    enumNames: titled.map((value) => value.title),
  };
}

function itemSchema(type: GraphQLEnumType): JsonSchema {
  const titled = titledValues(type);
  return titled ? { anyOf: titled } : { type: 'string', enum: type.getValues().map(({ name }) => name) };
}

function titledValues(type: GraphQLEnumType): { const: string; title: string }[] | undefined {
  const values = type.getValues();
  if (!values.some(({ description }) => description)) return undefined;
  return values.map(({ name, description }) => ({ const: name, title: description ?? name }));
}
