import {
  type GraphQLCompositeType,
  type GraphQLField,
  type SelectionSetNode,
  getNamedType,
  isCompositeType,
} from 'graphql';
import {
  type SelectedField,
  type SelectionContext,
  possibleTypes,
  selectedFields,
  subselections,
} from './selection.ts';

export interface TouchedField {
  /** Response keys from the root. */
  path: readonly string[];
  typeName: string;
  field: SelectedField;
  definition: GraphQLField<unknown, unknown>;
}

/** Every field of the schema an operation reads or runs, on every type it may meet there. */
export function touchedFields(
  context: SelectionContext,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  path: readonly string[] = [],
): TouchedField[] {
  return possibleTypes(context.schema, type).flatMap((object) =>
    selectedFields(context, object, sets).flatMap((field) => {
      const { definition } = field;
      if (!definition) return [];
      const here = { path: [...path, field.key], typeName: object.name, field, definition };
      const below: unknown = getNamedType(definition.type);
      return isCompositeType(below)
        ? [here, ...touchedFields(context, below, subselections(field), here.path)]
        : [here];
    }),
  );
}
