import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  NoUnusedVariablesRule,
  type GraphQLSchema,
  type OperationDefinitionNode,
  Source,
  extendSchema,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { clientDirectivesSdl, stripClientParts } from './client-directives.ts';

export interface SourceFile {
  /** Path from the operations folder, for messages. */
  path: string;
  text: string;
}

/** One operation with the fragments it uses, once as written and once as the API executes it. */
export interface OperationDocument {
  path: string;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  executed: DocumentNode;
}

/** Parses the files, joins operations with their fragments and validates both forms against the schema. */
export function readOperations(
  schema: GraphQLSchema,
  files: readonly SourceFile[],
  report: (problem: string) => void,
): OperationDocument[] {
  const documents = files.map((file) => ({ path: file.path, node: parse(new Source(file.text, file.path)) }));
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { path, node } of documents) {
    for (const definition of node.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      if (fragments.has(definition.name.value))
        report(`${path}: fragment ${definition.name.value} is defined twice.`);
      fragments.set(definition.name.value, definition);
    }
  }
  const extended = extendSchema(schema, parse(clientDirectivesSdl));
  const asWritten = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);
  return documents.flatMap(({ path, node }) =>
    node.definitions.flatMap((operation) => {
      if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
      const used = fragmentsOf(operation, fragments);
      const written: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...used.values()] };
      const executed = stripClientParts(written);
      const errors = [...validate(extended, written, asWritten), ...validate(schema, executed)];
      for (const message of new Set(errors.map((error) => error.message))) report(`${path}: ${message}`);
      return errors.length > 0 ? [] : [{ path, operation, fragments: used, executed }];
    }),
  );
}

function fragmentsOf(operation: OperationDefinitionNode, all: ReadonlyMap<string, FragmentDefinitionNode>) {
  const used = new Map<string, FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread: (spread) => {
        const fragment = all.get(spread.name.value);
        if (fragment === undefined || used.has(spread.name.value)) return;
        used.set(spread.name.value, fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return new Map([...used].sort(([a], [b]) => (a < b ? -1 : 1)));
}
