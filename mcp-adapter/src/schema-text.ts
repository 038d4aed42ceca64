import type { JsonSchema } from './json-schema.ts';

/** A schema in a few words for people, such as `array of string` or `VALID, EXPIRED, ANY`. */
export function typeText(schema: JsonSchema): string {
  const values = schema.enum?.filter((value) => value !== null);
  if (values) return values.join(', ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any'];
  const main = types.filter((type) => type !== 'null').join(' or ');
  return `${noun(schema, main)}${types.includes('null') ? ' or null' : ''}`;
}

function noun(schema: JsonSchema, main: string): string {
  if (main === 'array' && schema.items) return `array of ${typeText(schema.items)}`;
  if (main === 'object' && schema.properties)
    return `object with ${Object.keys(schema.properties).join(', ')}`;
  return schema.format ?? main;
}
