import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { directiveArguments } from './directive-arguments.ts';

/** Directives that speak to this adapter alone; the API never sees them. */
export const clientDirectivesSdl = /* GraphQL */ `
  "Serves the query as an MCP resource: one, or one for each expansion of an RFC 6570 template."
  directive @resource(uri: String!, mimeType: String = "application/json") on QUERY

  "Lists what a template can be read for: the one connection of the query, whose items name the template's variables."
  directive @list(resource: String!, name: String!) on QUERY

  "Answers completions for every argument of this name."
  directive @complete(argument: String!) on QUERY

  "Gives the data of prompts; the query is no tool."
  directive @prompt on QUERY

  "Says which resource each event has changed, by the fields of the event and caller_id."
  directive @updates(uri: String!) repeatable on SUBSCRIPTION

  "Serves the subscription as a tool: events tell its progress, by paths into them, and the last one is its answer."
  directive @progress(done: String!, total: String, message: String) on SUBSCRIPTION

  "Tells each event to the host's log, by a path into it."
  directive @log(level: String!, message: String!) on SUBSCRIPTION

  """
  Runs a long list in parts, so that there is progress to tell; not where the argument unless is true, nor where two
  items are the same by the field distinct, which is for the API to refuse.
  """
  directive @parts(argument: String!, size: Int!, most: Int!, unless: String, distinct: String) on MUTATION

  "Asks the person before the operation runs."
  directive @confirm(message: String!) on MUTATION

  "Asks the person for the variable, which callers cannot set. Later rounds come after the answers of earlier ones."
  directive @ask(message: String!, round: Int = 1) on VARIABLE_DEFINITION

  "Asks the host's model for the variable."
  directive @sample(prompt: String!, maxTokens: Int = 1000, round: Int = 1) on VARIABLE_DEFINITION

  "Asks the host for its roots, as a list of URIs."
  directive @roots(round: Int = 1) on VARIABLE_DEFINITION

  "Writes a titled enum of an asked form as enum and enumNames, for hosts that know no other way."
  directive @enumNames(field: String!) repeatable on VARIABLE_DEFINITION

  "Answers the field as content of its own instead of JSON: TEXT, IMAGE, AUDIO, RESOURCE or LINK."
  directive @content(as: String!) on FIELD

  """
  Quotes a text where it is not the caller's own words, by what is selected beside it: who wrote it, whose it is (where
  that is not selected, the caller's), and who wrote in what is somebody else's.
  """
  directive @quoted(trust: String!, owner: String, writer: String) on FIELD

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
export const CONFIRMED_ARGUMENT = 'confirmed';
const adapterArguments: readonly string[] = [BUDGET_ARGUMENT, CONFIRMED_ARGUMENT];

const clientDirectives = new Set(
  parse(clientDirectivesSdl).definitions.flatMap((definition) =>
    definition.kind === Kind.DIRECTIVE_DEFINITION ? [definition.name.value] : [],
  ),
);

/** Whether something else than the caller sets a variable. */
export function isAsked(definition: VariableDefinitionNode): boolean {
  return ['ask', 'sample', 'roots'].some((name) => directiveArguments(definition, name).length > 0);
}

/** The document as the API executes it: no client directives, no descriptions, no adapter-only variables. */
export function stripClientParts(document: DocumentNode): DocumentNode {
  const unsaid = onlyAskedWith(document);
  return visit(document, {
    Directive: (node) => (clientDirectives.has(node.name.value) ? null : undefined),
    VariableDefinition: {
      enter: ({ variable: { name } }) =>
        adapterArguments.includes(name.value) || unsaid.has(name.value) ? null : undefined,
      leave: (node) => ({ ...node, description: undefined }),
    },
    OperationDefinition: { leave: (node) => ({ ...node, description: undefined }) },
    FragmentDefinition: { leave: (node) => ({ ...node, description: undefined }) },
  });
}

/** Variables that are named in the words of a question, and nowhere in what is executed. */
function onlyAskedWith(document: DocumentNode): ReadonlySet<string> {
  const named = new Set<string>();
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: (node) => {
      for (const text of textsOf(node)) named.add(text);
      return false;
    },
    OperationDefinition: (node) => {
      for (const text of textsOf(node)) named.add(text);
    },
    Variable: (node) => {
      used.add(node.name.value);
    },
  });
  return new Set([...named].filter((name) => !used.has(name)));
}

function textsOf(node: VariableDefinitionNode | OperationDefinitionNode): string[] {
  const texts = ['ask', 'sample', 'confirm'].flatMap((name) =>
    directiveArguments(node, name).flatMap((use) => [...use.values()].map(String)),
  );
  return texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
}
