import { createHash } from 'node:crypto';
import { type GraphQLSchema, getNamedType, isAbstractType, isUnionType, print } from 'graphql';
import type { OperationEntry, Refusals } from '../src/operation-entry.ts';
import type { JsonSchema } from '../src/json-schema.ts';
import { argumentPathsOf } from './argument-paths.ts';
import { asksOf, confirmOf } from './asks.ts';
import { areExclusive, budgetOf, isBounded, outermostLists } from './budget.ts';
import { contentOf } from './content.ts';
import { directiveText } from './directive-arguments.ts';
import { DIALECT, inputSchemaOf } from './input-schema.ts';
import { notFoundOf, withoutNullAt } from './not-found.ts';
import type { OperationDocument } from './operation-documents.ts';
import { outputSchemaOf } from './output-schema.ts';
import { quotesOf } from './quotes.ts';
import { type Effects, combinedEffects, requiredScopes, staticCost } from './requirements.ts';
import { type TouchedField, touchedFields } from './touched-fields.ts';

export interface CompiledOperation extends OperationEntry {
  outputSchema: JsonSchema;
  effects: Effects;
  rootKey: string;
  /** How many lists of objects the answer's length depends on. */
  lists: number;
}

/** What the adapter says of items it left out; part of the answer's schema where a list is cut. */
const leftOutSchema: JsonSchema = {
  type: 'object',
  description: 'Present when whole items were left out to keep the answer within max_tokens.',
  properties: { items: { type: 'integer' }, how: { type: 'string' } },
  required: ['items', 'how'],
};

/** Compiles one operation document to all that does not depend on how it is served. */
export function compileOperation(
  schema: GraphQLSchema,
  source: OperationDocument,
  report: (problem: string) => void,
): CompiledOperation | undefined {
  const { operation, fragments } = source;
  const root = schema.getRootType(operation.operation);
  if (!root) {
    report(`the schema has no ${operation.operation}.`);
    return undefined;
  }
  const sets = [operation.selectionSet];
  const fields = touchedFields({ schema, fragments }, root, sets);
  const lists = outermostLists(fields);
  for (const list of lists) {
    if (!isBounded(list, fields, operation))
      report(`unbounded list at ${list.path.join('.')}: give it a first argument.`);
  }
  if (!areExclusive(lists))
    report('only one list of objects can be cut to the budget: ask for the others in another tool.');
  const budget = budgetOf(lists, fields, operation, report);
  const { page = null, paths = [] } = budget ?? {};
  const hidden = new Set(page ? paths.map((path) => [...path, page.itemCursor].join('.')) : []);
  const answer = outputSchemaOf({ schema, fragments, hidden, report }, root, sets);
  const notFound = notFoundOf(operation, fields, report);
  const document = `${print(source.executed)}\n`;
  return {
    operationName: operation.name?.value ?? '',
    operationType: operation.operation,
    document,
    sha256: createHash('sha256').update(document).digest('hex'),
    ...inputSchemaOf(schema, operation, report),
    argumentPaths: argumentPathsOf(operation),
    scopes: requiredScopes(fields),
    cost: staticCost(fields),
    budget: budget ?? null,
    refusals: refusalsOf(schema, source, fields),
    notFound,
    asks: asksOf(schema, operation, report),
    confirm: confirmOf(operation, report),
    content: contentOf(fields, report),
    quotes: quotesOf(fields, report),
    outputSchema: {
      $schema: DIALECT,
      ...answer,
      properties: {
        ...(notFound ? withoutNullAt(notFound.key, answer) : answer).properties,
        ...(budget ? { left_out: leftOutSchema } : {}),
      },
    },
    effects: combinedEffects(fields),
    lists: lists.length,
    rootKey: fields[0]?.path[0] ?? '',
  };
}

function refusalsOf(
  schema: GraphQLSchema,
  source: OperationDocument,
  fields: readonly TouchedField[],
): Refusals | null {
  const root = fields.find((field) => field.path.length === 1);
  const union: unknown = root && getNamedType(root.definition.type);
  const userError = schema.getType('UserError');
  if (!root || !isUnionType(union) || !isAbstractType(userError)) return null;
  const ways = new Map<string, string>();
  for (const fragment of source.fragments.values()) {
    const say = directiveText(fragment, 'wayOn', 'say');
    if (say !== undefined) ways.set(fragment.typeCondition.name.value, say);
  }
  const errors = union.getTypes().filter((type) => schema.isSubType(userError, type));
  return {
    key: root.path[0] ?? '',
    waysOn: Object.fromEntries(
      errors.map((type) => [type.name, ways.get(type.name) ?? ways.get(userError.name) ?? '']),
    ),
  };
}
