import {
  getNamedType,
  GraphQLError,
  isObjectType,
  isInterfaceType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { LIMITS } from './limits.ts';
import { notesOf, type FieldNotes } from './notes.ts';

type Variables = Readonly<Record<string, unknown>>;

interface Measured {
  schema: GraphQLSchema;
  variables: Variables;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * Points that an operation would cost: each field's own weight, and where a list comes, one point an item and what is
 * asked of each. Variables must be known, for they say how many items.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const root = schema.getRootType(operation.operation);
  const measured = { schema, variables: withDefaults(operation, variables), fragments };
  return root ? selectionCost(measured, operation.selectionSet, root) : 0;
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables): Variables {
  const all: Record<string, unknown> = { ...given };
  for (const { variable, defaultValue } of variableDefinitions) {
    if (defaultValue && all[variable.name.value] === undefined)
      all[variable.name.value] = valueOf(defaultValue, {});
  }
  return all;
}

/** @throws {GraphQLError} with what the operation costs and what it may. */
export function refuseCostly(cost: number): void {
  if (cost <= LIMITS.cost) return;
  throw new GraphQLError(
    `This would cost ${cost} points, and a request may cost ${LIMITS.cost}. Ask for fewer items at once (first), or for less of each.`,
    { extensions: { code: 'TOO_COSTLY', cost, limit: LIMITS.cost, http: { status: 400 } } },
  );
}

/** @param times how often a field of this name is asked for. */
function selectionCost(
  measured: Measured,
  { selections }: SelectionSetNode,
  type: GraphQLNamedType,
  times: (field: string) => number = () => 1,
): number {
  let total = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD)
      total += times(selection.name.value) * fieldCost(measured, selection, type);
    else {
      const part =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : measured.fragments.get(selection.name.value);
      if (!part) continue;
      const on = part.typeCondition ? measured.schema.getType(part.typeCondition.name.value) : type;
      total += selectionCost(measured, part.selectionSet, on ?? type, times);
    }
  }
  return total;
}

function fieldCost(measured: Measured, field: FieldNode, parent: GraphQLNamedType): number {
  const definition =
    isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
  if (!definition) return 0;
  const { cost = 0, sizedBy } = notesOf(definition.extensions);
  const type = getNamedType(definition.type);
  const items = sizedBy ? size(measured.variables, field, sizedBy, defaultOf(definition, 'first')) : 0;
  if (!field.selectionSet) return cost + items;
  if (!sizedBy) return cost + selectionCost(measured, field.selectionSet, type);
  // Of a connection the edges alone come once an item; its count comes once.
  const connection = isObjectType(type) && 'edges' in type.getFields();
  const times = (name: string): number => (connection && name !== 'edges' ? 1 : items);
  return cost + items + selectionCost(measured, field.selectionSet, type, times);
}

function defaultOf({ args }: GraphQLField<unknown, unknown>, name: string): unknown {
  const argument = args.find((each) => each.name === name);
  return argument?.default?.value ?? argument?.defaultValue;
}

/** How many items the arguments ask for; what cannot be read costs as much as may be asked. */
function size(
  variables: Variables,
  field: FieldNode,
  sizedBy: NonNullable<FieldNotes['sizedBy']>,
  fallback: unknown,
): number {
  const [name, inner] = sizedBy.split('.');
  const argument = field.arguments?.find((each) => each.name.value === name)?.value;
  let value = argument ? valueOf(argument, variables) : undefined;
  if (inner && typeof value === 'object' && value !== null) value = Reflect.get(value, inner);
  value ??= fallback;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && value >= 0 ? value : 1;
}

function valueOf(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.INT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((each) => valueOf(each, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((each) => [each.name.value, valueOf(each.value, variables)]));
    default:
      return undefined;
  }
}
