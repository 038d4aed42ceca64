import type { GraphQLScalarType } from 'graphql';
import type { JsonSchema } from '../src/json-schema.ts';

const known: Readonly<Record<string, JsonSchema>> = {
  String: { type: 'string' },
  ID: { type: 'string', format: 'uuid' },
  Int: { type: 'integer' },
  Float: { type: 'number' },
  Boolean: { type: 'boolean' },
  DateTime: { type: 'string', format: 'date-time' },
  Date: { type: 'string', format: 'date' },
  URL: { type: 'string', format: 'uri' },
};

/** The JSON form of a scalar; undefined for one this table does not know, which fails the build. */
export function scalarSchema(scalar: GraphQLScalarType): JsonSchema | undefined {
  const schema = known[scalar.name];
  return schema === undefined ? undefined : { ...schema };
}

/** Admits null beside what the schema admits. */
export function nullable(schema: JsonSchema): JsonSchema {
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
  const widened: JsonSchema = { ...schema, type: [...types, 'null'] };
  if (schema.enum) widened.enum = [...schema.enum, null];
  return widened;
}

/** Takes back what `nullable` added. */
export function nonNull(schema: JsonSchema): JsonSchema {
  if (schema.anyOf) return { ...schema, anyOf: schema.anyOf.filter(({ type }) => type !== 'null') };
  if (!Array.isArray(schema.type)) return schema;
  const types = schema.type.filter((type) => type !== 'null');
  const [only = ''] = types;
  return { ...schema, type: types.length === 1 ? only : types };
}
