// Prints the schema to schema/schema.graphql with the directives that are enforced; with --check, only compares.
import { readFile, writeFile } from 'node:fs/promises';
import {
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import { schema } from './index.ts';
import { notesOf, scopeOf } from './notes.ts';

const file = new URL('../../../schema/schema.graphql', import.meta.url);

const text = (value: string): ConstValueNode => ({ kind: Kind.STRING, value });
const list = (values: ConstValueNode[]): ConstValueNode => ({ kind: Kind.LIST, values });

function directive(name: string, args: Record<string, ConstValueNode>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([key, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: key },
      value,
    })),
  };
}

function directivesOf({ extensions }: GraphQLField<unknown, unknown>): ConstDirectiveNode[] {
  const { cost, sizedBy, effects } = notesOf(extensions);
  const scope = scopeOf(extensions);
  return [
    ...(scope ? [directive('requiresScopes', { scopes: list([list([text(scope)])]) })] : []),
    ...(cost ? [directive('cost', { weight: { kind: Kind.INT, value: String(cost) } })] : []),
    ...(sizedBy ? [directive('listSize', { slicingArguments: list([text(sizedBy)]) })] : []),
    ...(effects
      ? [
          directive(
            'effects',
            Object.fromEntries(
              Object.entries(effects).map(([key, value]) => [key, { kind: Kind.BOOLEAN, value }]),
            ),
          ),
        ]
      : []),
  ];
}

export function sdl(source: GraphQLSchema): string {
  const document = visit(parse(printSchema(lexicographicSortSchema(source))), {
    ObjectTypeDefinition: (node) => {
      const type = source.getType(node.name.value);
      if (!isObjectType(type)) return undefined;
      const fields = node.fields?.map((field) => {
        const defined = type.getFields()[field.name.value];
        return {
          ...field,
          directives: [...(field.directives ?? []), ...(defined ? directivesOf(defined) : [])],
        };
      });
      return fields ? { ...node, fields } : undefined;
    },
  });
  return `${print(document)}\n`;
}

if (import.meta.main) {
  const printed = sdl(schema);
  if (!process.argv.includes('--check')) await writeFile(file, printed);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
    console.error(
      'schema/schema.graphql is not what the code says: run `npm run schema` and commit the result.',
    );
    process.exitCode = 1;
  }
}
