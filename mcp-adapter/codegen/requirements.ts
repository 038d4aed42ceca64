import { satisfiedBy } from '../src/scopes.ts';
import { directiveArguments } from './directive-arguments.ts';
import type { TouchedField } from './touched-fields.ts';

export interface Effects {
  destructive: boolean;
  idempotent: boolean;
  openWorld: boolean;
}

/**
 * What an operation needs: the schema's `@requiresScopes` of all fields touched, as one OR of ANDs.
 * Every field must be satisfied, so the alternatives of one are combined with those of the next.
 */
export function requiredScopes(fields: readonly TouchedField[]): string[][] {
  const perField = fields.flatMap(({ definition }) =>
    directiveArguments(definition.astNode, 'requiresScopes').map((use) => alternatives(use.get('scopes'))),
  );
  const combined = perField.reduce<string[][]>(
    (all, field) => minimal(all.flatMap((left) => field.map((right) => union(left, right)))),
    [[]],
  );
  return combined.some((set) => set.length === 0) ? [] : combined;
}

/** The weight of all fields touched by `@cost`, at least 1. The API multiplies by page size; this does not. */
export function staticCost(fields: readonly TouchedField[]): number {
  const seen = new Map<string, number>();
  for (const { path, typeName, definition } of fields) {
    const weight = directiveArguments(definition.astNode, 'cost')[0]?.get('weight');
    if (typeof weight === 'number' || typeof weight === 'string') {
      seen.set(`${path.join('.')}:${typeName}`, Number(weight));
    }
  }
  return Math.max(
    1,
    [...seen.values()].reduce((sum, weight) => sum + weight, 0),
  );
}

/** One destructive or open-world field makes the whole so; all root fields must be idempotent for the whole to be. */
export function combinedEffects(fields: readonly TouchedField[]): Effects {
  const declared = (field: TouchedField, name: string) =>
    directiveArguments(field.definition.astNode, 'effects')[0]?.get(name) === true;
  const roots = fields.filter((field) => field.path.length === 1);
  return {
    destructive: fields.some((field) => declared(field, 'destructive')),
    idempotent: roots.length > 0 && roots.every((field) => declared(field, 'idempotent')),
    openWorld: fields.some((field) => declared(field, 'openWorld')),
  };
}

function alternatives(value: unknown): string[][] {
  return Array.isArray(value) ? value.map((set) => (Array.isArray(set) ? set.map(String) : [])) : [];
}

/** Both sets together, less what another scope of the whole implies. */
function union(left: readonly string[], right: readonly string[]): string[] {
  const all = [...new Set([...left, ...right])].sort();
  return all.filter((scope) => !all.some((other) => other !== scope && satisfiedBy(scope, new Set([other]))));
}

/** Drops an alternative that asks for more than another one does. */
function minimal(sets: readonly string[][]): string[][] {
  const distinct = [...new Map(sets.map((set) => [set.join(' '), set])).values()];
  return distinct
    .filter(
      (set) =>
        !distinct.some((other) => other !== set && other.every((scope) => satisfiedBy(scope, new Set(set)))),
    )
    .sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
}
