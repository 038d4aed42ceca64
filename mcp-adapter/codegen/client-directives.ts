import { type DocumentNode, Kind, parse, visit } from 'graphql';

/** Directives that speak to this adapter alone; the API never sees them. */
export const clientDirectivesSdl = /* GraphQL */ `
  "Serves the query as an MCP resource under an RFC 6570 template."
  directive @resource(uri: String!, mimeType: String = "application/json") on QUERY

  "Answers completions for every argument of this name."
  directive @complete(argument: String!) on QUERY

  "Asks the person before the mutation runs."
  directive @confirm(message: String!) on MUTATION

  "Makes null at the query's one nullable field a failure with this code, instead of an answer."
  directive @notFound(code: String!, message: String!, say: String!) on QUERY

  "Gives a field of an input object another public name."
  directive @rename(field: String!, as: String!) repeatable on VARIABLE_DEFINITION

  "Sets a field of an input object and hides it from callers."
  directive @fixed(field: String!, value: String!) repeatable on VARIABLE_DEFINITION

  "Tells the caller of a refused operation what to do next."
  directive @wayOn(say: String!) on FRAGMENT_DEFINITION
`;

/** Variables that speak to this adapter alone. */
export const BUDGET_ARGUMENT = 'max_tokens';

const clientDirectives = new Set(
  parse(clientDirectivesSdl).definitions.flatMap((definition) =>
    definition.kind === Kind.DIRECTIVE_DEFINITION ? [definition.name.value] : [],
  ),
);

/** The document as the API executes it: no client directives, no descriptions, no adapter-only variables. */
export function stripClientParts(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (node) => (clientDirectives.has(node.name.value) ? null : undefined),
    VariableDefinition: {
      enter: (node) => (node.variable.name.value === BUDGET_ARGUMENT ? null : undefined),
      leave: (node) => ({ ...node, description: undefined }),
    },
    OperationDefinition: { leave: (node) => ({ ...node, description: undefined }) },
    FragmentDefinition: { leave: (node) => ({ ...node, description: undefined }) },
  });
}
