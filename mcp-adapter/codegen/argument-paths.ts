import { Kind, type OperationDefinitionNode, type ValueNode, visit } from 'graphql';

/**
 * Where each variable goes, by the path that the API names in its errors: `filter.owner` → `user_id`. The one `input`
 * of a mutation is no part of a path.
 */
export function argumentPathsOf(operation: OperationDefinitionNode): Record<string, string> {
  const paths: Record<string, string> = {};
  const collect = (value: ValueNode, path: readonly string[]): void => {
    if (value.kind === Kind.VARIABLE) paths[path.join('.')] = value.name.value;
    if (value.kind !== Kind.OBJECT) return;
    for (const field of value.fields) collect(field.value, [...path, field.name.value]);
  };
  visit(operation, {
    Argument({ name, value }) {
      collect(value, name.value === 'input' ? [] : [name.value]);
    },
    Directive: () => false,
  });
  return paths;
}
