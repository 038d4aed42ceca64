/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The part of JSON Schema 2020-12 that tool schemas use: no `$ref`, no combinator at the root. */
export interface JsonSchema {
  $schema?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  const?: string;
  enum?: (string | null)[];
  default?: Json;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean;
  minProperties?: number;
  maxProperties?: number;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  /** Of titled enums in forms alone. */
  oneOf?: JsonSchema[];
  enumNames?: string[];
  title?: string;
}

/** Whether a value is an object and neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a schema admits the JSON type, alone or among others. */
export function admits(schema: JsonSchema, type: string): boolean {
  return typeof schema.type === 'string' ? schema.type === type : (schema.type?.includes(type) ?? false);
}
