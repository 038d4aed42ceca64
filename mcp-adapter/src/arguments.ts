import { type StandardSchemaWithJSON, fromJsonSchema } from '@modelcontextprotocol/server';
import { argumentIssues } from './argument-issues.ts';
import { type JsonSchema, admits, isRecord } from './json-schema.ts';
import type { InputShape, OperationEntry } from './operation-entry.ts';

/** Speaks to the adapter alone, where an operation asks for the person's word. */
export const CONFIRMED = 'confirmed';

/** A batch may repeat one mistake in each of its items. */
const MAX_ISSUES = 5;

/** Reads what a caller sent for one operation: tolerant in form, strict in meaning. */
export interface ArgumentReader {
  /** Advertises the input schema as it is and validates with the same tolerance as `read`. */
  standardSchema: StandardSchemaWithJSON<unknown, Record<string, unknown>>;
  read(raw: unknown): { arguments: Record<string, unknown> } | { issues: string };
}

/** Compiles the reader of an operation's arguments; do it once, the validator costs milliseconds. */
export function compileArguments(entry: OperationEntry): ArgumentReader {
  const compiled = fromJsonSchema({ ...entry.inputSchema });
  const read: ArgumentReader['read'] = (raw) => {
    const tidy = tidyValue(entry.inputSchema, raw ?? {});
    const result = compiled['~standard'].validate(tidy);
    if (result instanceof Promise) throw new TypeError('Argument validation must be synchronous.');
    if (result.issues) {
      const named = argumentIssues(entry.inputSchema, tidy);
      const issues =
        named.length > 0 ? named.slice(0, MAX_ISSUES) : result.issues.map(({ message }) => message);
      return { issues: issues.join('; ') };
    }
    return isRecord(tidy) ? { arguments: tidy } : { issues: 'arguments must be an object' };
  };
  return {
    read,
    standardSchema: {
      '~standard': {
        version: 1,
        vendor: 'picard',
        jsonSchema: compiled['~standard'].jsonSchema,
        validate: (raw) => {
          const result = read(raw);
          return 'issues' in result ? { issues: [{ message: result.issues }] } : { value: result.arguments };
        },
      },
    },
  };
}

/** The variables the API gets: public names mapped back, hidden fields set, adapter-only arguments removed. */
export function toVariables(entry: OperationEntry, args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([name]) => name !== entry.budget?.argument && !(entry.confirm && name === CONFIRMED))
      .map(([name, value]) => [name, reshape(value, entry.inputs[name])]),
  );
}

function reshape(value: unknown, shape: InputShape | undefined): unknown {
  if (!shape) return value;
  if (Array.isArray(value)) return value.map((item) => reshape(item, shape));
  if (!isRecord(value)) return value;
  const given = Object.entries(value).flatMap(([name, item]) => {
    const field = shape.fields[name];
    return field ? [[field.to, reshape(item, field.shape)]] : [];
  });
  return Object.fromEntries([...given, ...Object.entries(shape.fixed)]);
}

/** Enum values in either case; null as if not given where it has no meaning of its own. */
function tidyValue(schema: JsonSchema, value: unknown): unknown {
  if (typeof value === 'string' && schema.enum && !schema.enum.includes(value)) {
    const upper = value.toUpperCase();
    return schema.enum.includes(upper) ? upper : value;
  }
  const { items, properties } = schema;
  if (Array.isArray(value) && items) return value.map((item) => tidyValue(items, item));
  if (!isRecord(value) || !properties) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!property) return [[name, item]];
      return item === null && !admits(property, 'null') ? [] : [[name, tidyValue(property, item)]];
    }),
  );
}
