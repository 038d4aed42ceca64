import { untilEmbedded } from '../embeddings.ts';
import type { Endpoint } from '../graphql.ts';
import { ask, differences, type Found, type Row, rowsOf } from './evaluate.ts';
import { loadSet } from './load.ts';
import type { Options } from './options.ts';
import { equalityOf, reportOf } from './report.ts';
import type { TestSet } from './set.ts';
import { plainVariant } from './variants.ts';

/** `complaints` say what makes the bench fail: answers that differ from plain BM25, recall below the floor. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly complaints: readonly string[];
}

const keyed = 'words-no-context';
const needVectors = new Set(['hybrid', 'vectors', 'hybrid-no-context']);

/** Loads one set into the server, asks its queries in every variant chosen, prints and returns the result. */
export async function runSet(server: Endpoint, set: TestSet, options: Options): Promise<Outcome> {
  console.log(`\n${set.name}: ${set.documents.length} documents, ${set.queries.length} queries`);
  const [scopes, loading] = await timed(() => loadSet(server, set));
  console.log(
    `loaded ${[...scopes.values()].reduce((sum, scope) => sum + scope.documents.size, 0)} in ${loading}`,
  );
  if (options.variants.some((variant) => needVectors.has(variant))) {
    const accounts = Array.from(scopes.values(), (scope) => scope.account);
    const [left, embedding] = await timed(() => untilEmbedded(accounts));
    if (left > 0)
      throw new Error(`${left} embeddings of ${set.name} stand still: the server has no working model.`);
    console.log(`embeddings caught up in ${embedding}`);
  }
  const found = new Map<string, Found>();
  const rows: Row[] = [];
  for (const variant of options.variants) {
    const [answers, asking] = await timed(() => ask(set, scopes, variant));
    console.log(`asked ${variant} in ${asking}`);
    found.set(variant, answers);
    rows.push(...rowsOf(set, scopes, variant, answers));
  }
  console.log(`\n${reportOf(rows)}`);
  return { rows, complaints: [...unequal(set, found), ...tooLow(rows, options.floor)] };
}

function unequal(set: TestSet, found: ReadonlyMap<string, Found>): string[] {
  const [one, other] = [found.get(keyed), found.get(plainVariant)];
  if (!one || !other) return [];
  const different = differences(set, one, other);
  const line = equalityOf(set.name, set.queries.length, different);
  if (different.length > 0) return [line];
  console.log(line);
  return [];
}

function tooLow(rows: readonly Row[], floor: number): string[] {
  return rows
    .filter((row) => row.category === 'all' && row['recall@10'] < floor)
    .map(
      (row) => `${row.set}: recall@10 of ${row.variant} is ${row['recall@10'].toFixed(3)}, below ${floor}`,
    );
}

async function timed<T>(work: () => Promise<T>): Promise<[T, string]> {
  const begun = performance.now();
  const result = await work();
  return [result, `${((performance.now() - begun) / 1000).toFixed(1)} s`];
}
