import { table } from '../table.ts';
import type { Row } from './evaluate.ts';
import { metricNames } from './metrics.ts';

/** The table of one set: variants in the order given, within each `all` before its categories. */
export function reportOf(rows: readonly Row[]): string {
  const several = new Set(rows.map((row) => row.category)).size > 2;
  const shown = several ? rows : rows.filter((row) => row.category === 'all');
  return table(
    ['variant', 'category', ...metricNames],
    shown.map((row) => [row.variant, row.category, ...metricNames.map((name) => row[name].toFixed(3))]),
  );
}

/** Says on how many queries the keyed index found what plain BM25 finds, and names the others. */
export function equalityOf(set: string, queries: number, different: readonly string[]): string {
  const same = queries - different.length;
  const line = `${set}: words-no-context = bm25-plain on ${same} of ${queries} queries (${percent(same, queries)})`;
  return different.length === 0 ? line : `${line}; not on: ${different.join(', ')}`;
}

function percent(part: number, whole: number): string {
  // Rounded down, so that 100 % means every query.
  return `${(Math.floor((part / whole) * 10_000) / 100).toFixed(2)} %`;
}
