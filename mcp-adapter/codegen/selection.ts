import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  isAbstractType,
  isObjectType,
} from 'graphql';

export interface SelectionContext {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** One response key of an object: every field node that contributes to it, as GraphQL merges them. */
export interface SelectedField {
  key: string;
  nodes: FieldNode[];
  /** Undefined for `__typename`. */
  definition: GraphQLField<unknown, unknown> | undefined;
  /** May be missing from the answer, by @skip or @include. */
  conditional: boolean;
}

/** The object types a composite type can turn out to be. */
export function possibleTypes(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLObjectType[] {
  return isObjectType(type) ? [type] : isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}

/** The fields selected on one concrete object type, in response order. */
export function selectedFields(
  context: SelectionContext,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): SelectedField[] {
  const fields = new Map<string, SelectedField>();
  for (const set of sets) collect(context, type, set, false, fields);
  return [...fields.values()];
}

function collect(
  context: SelectionContext,
  type: GraphQLObjectType,
  set: SelectionSetNode,
  outerConditional: boolean,
  fields: Map<string, SelectedField>,
): void {
  for (const selection of set.selections) {
    const conditional =
      outerConditional ||
      (selection.directives ?? []).some((d) => ['skip', 'include'].includes(d.name.value));
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const field = fields.get(key);
      if (field) {
        field.nodes.push(selection);
        field.conditional &&= conditional;
      } else {
        fields.set(key, {
          key,
          nodes: [selection],
          definition: type.getFields()[selection.name.value],
          conditional,
        });
      }
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (!fragment || !appliesTo(context.schema, fragment.typeCondition?.name.value, type)) continue;
    collect(context, type, fragment.selectionSet, conditional, fields);
  }
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}

/** The selection sets below a field. */
export function subselections(field: SelectedField): SelectionSetNode[] {
  return field.nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
}
