import { type ConstDirectiveNode, type DirectiveNode, type ValueNode, valueFromASTUntyped } from 'graphql';

interface Annotated {
  readonly directives?: readonly (DirectiveNode | ConstDirectiveNode)[] | undefined;
}

/** The values of each use of a directive on a node, in the order written; defaults are not filled in. */
export function directiveArguments(node: Annotated | null | undefined, name: string): Map<string, unknown>[] {
  return (node?.directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map(
      (directive) =>
        new Map(
          (directive.arguments ?? []).map((argument): [string, unknown] => [
            argument.name.value,
            untyped(argument.value),
          ]),
        ),
    );
}

/** One text argument of the first use of a directive, if it is there. */
export function directiveText(
  node: Annotated | null | undefined,
  name: string,
  argument: string,
): string | undefined {
  const value = directiveArguments(node, name)[0]?.get(argument);
  return typeof value === 'string' ? value : undefined;
}

function untyped(value: ValueNode): unknown {
  return valueFromASTUntyped(value);
}
