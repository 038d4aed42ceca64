import { type OperationDefinitionNode, isNonNullType } from 'graphql';
import type { JsonSchema } from '../src/json-schema.ts';
import type { NotFound } from '../src/operation-entry.ts';
import { directiveText } from './directive-arguments.ts';
import { nonNull } from './scalars.ts';
import type { TouchedField } from './touched-fields.ts';

/** What `@notFound` says of null at the root of the answer; null where the operation does not declare it. */
export function notFoundOf(
  operation: OperationDefinitionNode,
  fields: readonly TouchedField[],
  report: (problem: string) => void,
): NotFound | null {
  const code = directiveText(operation, 'notFound', 'code');
  if (code === undefined) return null;
  const [root, ...others] = nullableRoots(fields);
  if (!root || others.length > 0) {
    report('@notFound: needs exactly one nullable field at the root.');
    return null;
  }
  if (!/^[A-Z]+(_[A-Z]+)*_NOT_FOUND$/.test(code)) report('@notFound: the code ends in _NOT_FOUND.');
  return {
    key: root,
    code,
    message: directiveText(operation, 'notFound', 'message') ?? '',
    wayOn: directiveText(operation, 'notFound', 'say') ?? '',
  };
}

/** Response keys at the root that may be null. */
export function nullableRoots(fields: readonly TouchedField[]): string[] {
  return fields.flatMap(({ path: [key, ...below], definition }) =>
    key !== undefined && below.length === 0 && !isNonNullType(definition.type) ? [key] : [],
  );
}

/** An answer's schema where null at the key is never answered. */
export function withoutNullAt(key: string, answer: JsonSchema): JsonSchema {
  const property = answer.properties?.[key];
  return property ? { ...answer, properties: { ...answer.properties, [key]: nonNull(property) } } : answer;
}
