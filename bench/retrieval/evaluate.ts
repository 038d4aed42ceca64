import { stems } from '../../api/src/index/stems.ts';
import { mapConcurrently } from '../concurrency.ts';
import { Bm25 } from './bm25.ts';
import type { LoadedScope } from './load.ts';
import { mean, score, type Scores } from './metrics.ts';
import type { Query, TestSet } from './set.ts';
import { depth, isServerVariant, searchServer } from './variants.ts';

/** One line of the report. */
export interface Row extends Scores {
  readonly set: string;
  readonly variant: string;
  readonly category: string;
}

/** What was found by one variant: ids of the server, best first, by query id. */
export type Found = ReadonlyMap<string, readonly string[]>;

const queriesAtOnce = 4;

/** Asks every query of the set. */
export async function ask(
  set: TestSet,
  scopes: ReadonlyMap<string, LoadedScope>,
  variant: string,
): Promise<Found> {
  const search = isServerVariant(variant)
    ? (query: Query) => searchServer(scopeOf(scopes, query).account, query.text, variant)
    : searchPlain(scopes);
  const found = await mapConcurrently(set.queries, queriesAtOnce, search);
  return new Map(set.queries.map((query, index) => [query._id, found[index] ?? []]));
}

function searchPlain(scopes: ReadonlyMap<string, LoadedScope>): (query: Query) => Promise<string[]> {
  const indexes = new Map(
    Array.from(scopes, ([name, { documents }]) => {
      const plain = Array.from(documents, ([id, { text, language }]) => ({
        id,
        stems: stems(text, language),
      }));
      return [name, new Bm25(plain)];
    }),
  );
  return (query) => {
    const hits = indexes.get(query.scope)?.search(stems(query.text, 'en'), depth) ?? [];
    return Promise.resolve(hits.map((hit) => hit.id));
  };
}

/** The metrics of one variant, for all queries and for each category. */
export function rowsOf(
  set: TestSet,
  scopes: ReadonlyMap<string, LoadedScope>,
  variant: string,
  found: Found,
): Row[] {
  const categories = new Map<string, Scores[]>([['all', []]]);
  for (const query of set.queries) {
    const { documents } = scopeOf(scopes, query);
    const ids = (found.get(query._id) ?? []).map((id) => documents.get(id)?.sourceId ?? id);
    const scores = score(ids, set.gold.get(query._id) ?? new Set());
    for (const category of new Set(['all', query.category])) {
      const known = categories.get(category) ?? [];
      known.push(scores);
      categories.set(category, known);
    }
  }
  return Array.from(categories, ([category, scores]) => ({
    set: set.name,
    variant,
    category,
    ...mean(scores),
  }));
}

/** The queries on which the keyed index and plain BM25 did not find the same ids in the same order. */
export function differences(set: TestSet, keyed: Found, plain: Found): string[] {
  return set.queries
    .map((query) => query._id)
    .filter((id) => keyed.get(id)?.join() !== plain.get(id)?.join());
}

function scopeOf(scopes: ReadonlyMap<string, LoadedScope>, query: Query): LoadedScope {
  const scope = scopes.get(query.scope);
  if (!scope) throw new Error(`Query ${query._id} asks scope ${query.scope}, which has no documents.`);
  return scope;
}
