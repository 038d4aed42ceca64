import {
  type GraphQLOutputType,
  Kind,
  type OperationDefinitionNode,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Budget } from '../src/operation-entry.ts';
import { BUDGET_ARGUMENT } from './client-directives.ts';
import type { TouchedField } from './touched-fields.ts';

/** Lists of objects that lie in no other list: what an answer's length depends on. */
export function outermostLists(fields: readonly TouchedField[]): TouchedField[] {
  const lists = distinct(fields.filter(({ definition }) => isObjectList(definition.type)));
  return lists.filter((list) => !lists.some((other) => other !== list && startsWith(list.path, other.path)));
}

/** Whether at most one of the lists is in any one answer: they belong to different members of one union. */
export function areExclusive(lists: readonly TouchedField[]): boolean {
  const parents = new Set(lists.map(({ path }) => path.slice(0, -1).join('.')));
  return parents.size <= 1 && new Set(lists.map(({ typeName }) => typeName)).size === lists.length;
}

/** Whether a page size or the caller's own list bounds the list. */
export function isBounded(
  list: TouchedField,
  fields: readonly TouchedField[],
  operation: OperationDefinitionNode,
): boolean {
  const owner = fields.find(({ path }) => path.join('.') === list.path.slice(0, -1).join('.'));
  const paged = [list, owner].some((field) => {
    const first = field?.definition.args.find((argument) => argument.name === 'first');
    return first !== undefined && (first.default !== undefined || argumentGiven(field, 'first'));
  });
  const takesList = (operation.variableDefinitions ?? []).some(
    ({ type }) =>
      type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && type.type.kind === Kind.LIST_TYPE),
  );
  return paged || (operation.operation === 'mutation' && takesList);
}

/** How the list is cut to the token budget; undefined when the operation declares none. */
export function budgetOf(
  lists: readonly TouchedField[],
  fields: readonly TouchedField[],
  operation: OperationDefinitionNode,
  report: (problem: string) => void,
): Budget | undefined {
  const variable = operation.variableDefinitions?.find((v) => v.variable.name.value === BUDGET_ARGUMENT);
  if (!variable) return undefined;
  if (variable.defaultValue?.kind !== Kind.INT) {
    report(`$${BUDGET_ARGUMENT} needs a whole number as its default.`);
    return undefined;
  }
  const [list] = lists;
  if (!list) return undefined;
  const connection = list.path.slice(0, -1);
  const owner = fields.find(({ path }) => path.join('.') === connection.join('.'));
  const after = owner && argumentVariable(owner, 'after');
  const budget = {
    argument: BUDGET_ARGUMENT,
    defaultTokens: Number(variable.defaultValue.value),
    paths: lists.map(({ path }) => [...path]),
  };
  if (after === undefined) return { ...budget, page: null };
  const keyOf = (parent: readonly string[], name: string): string | undefined =>
    fields
      .find((f) => f.definition.name === name && f.path.slice(0, -1).join('.') === parent.join('.'))
      ?.path.at(-1);
  const pageInfo = keyOf(connection, 'pageInfo') ?? '';
  const page = {
    itemCursor: keyOf(list.path, 'cursor') ?? '',
    pageInfo,
    endCursor: keyOf([...connection, pageInfo], 'endCursor') ?? '',
    hasNextPage: keyOf([...connection, pageInfo], 'hasNextPage') ?? '',
    after,
  };
  if (Object.values(page).includes('')) {
    report(
      'a paged list needs cursor on its edges and pageInfo { hasNextPage endCursor }, so that a cut answer can go on.',
    );
  }
  return { ...budget, page };
}

function isObjectList(type: GraphQLOutputType): boolean {
  const inner = isNonNullType(type) ? type.ofType : type;
  const named: unknown = getNamedType(inner);
  return isListType(inner) && isCompositeType(named);
}

function argumentGiven(field: TouchedField | undefined, name: string): boolean {
  return field?.field.nodes.some((node) => node.arguments?.some((a) => a.name.value === name)) ?? false;
}

function argumentVariable(field: TouchedField, name: string): string | undefined {
  const argument = field.field.nodes[0]?.arguments?.find((a) => a.name.value === name);
  return argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : undefined;
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length > prefix.length && prefix.every((key, index) => path[index] === key);
}

function distinct(fields: readonly TouchedField[]): TouchedField[] {
  return [...new Map(fields.map((field) => [field.path.join('.'), field])).values()];
}
