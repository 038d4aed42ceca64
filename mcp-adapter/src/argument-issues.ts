import { type JsonSchema, admits, isRecord } from './json-schema.ts';

/**
 * What a schema validator says too briefly to act on: which argument is not known, and what an enum would take.
 * @returns one sentence for each, by its path, such as `memories[0].trust`
 */
export function argumentIssues(schema: JsonSchema, value: unknown, path = ''): string[] {
  if (typeof value === 'string' && schema.enum && !schema.enum.includes(value)) {
    return [`${path} must be one of ${schema.enum.filter((each) => each !== null).join(', ')}`];
  }
  const { items, properties } = schema;
  if (Array.isArray(value) && items) {
    return value.flatMap((item, index) => argumentIssues(items, item, `${path}[${index}]`));
  }
  if (!isRecord(value) || !properties || !admits(schema, 'object')) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const here = path === '' ? name : `${path}.${name}`;
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property) return argumentIssues(property, item, here);
    return schema.additionalProperties === false
      ? [`${here} is not known here; known are ${Object.keys(properties).join(', ')}`]
      : [];
  });
}
