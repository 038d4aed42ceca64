/** What one query found, measured against the documents that answer it. All values lie in 0…1. */
export interface Scores {
  readonly 'recall@5': number;
  readonly 'recall@10': number;
  readonly 'recall@20': number;
  readonly 'ndcg@10': number;
  readonly mrr: number;
}

export const metricNames = ['recall@5', 'recall@10', 'recall@20', 'ndcg@10', 'mrr'] as const;

/** |first k found ∩ gold| / |gold|. */
export function recallAt(k: number, found: readonly string[], gold: ReadonlySet<string>): number {
  if (gold.size === 0) throw new RangeError('Recall needs at least one relevant document.');
  const hits = found.slice(0, k).filter((id) => gold.has(id)).length;
  return hits / gold.size;
}

/** Binary NDCG: gain 1 for a relevant document, discount log2(rank + 1), ideal order all relevant first. */
export function ndcgAt(k: number, found: readonly string[], gold: ReadonlySet<string>): number {
  if (gold.size === 0) throw new RangeError('NDCG needs at least one relevant document.');
  const discount = (index: number): number => 1 / Math.log2(index + 2);
  let gain = 0;
  for (const [index, id] of found.slice(0, k).entries()) if (gold.has(id)) gain += discount(index);
  let ideal = 0;
  for (let index = 0; index < Math.min(k, gold.size); index += 1) ideal += discount(index);
  return gain / ideal;
}

/** 1 / rank of the first relevant document among those found, 0 if there is none. */
export function reciprocalRank(found: readonly string[], gold: ReadonlySet<string>): number {
  const index = found.findIndex((id) => gold.has(id));
  return index === -1 ? 0 : 1 / (index + 1);
}

/** All metrics of one query. `found` is best first and holds no id twice. */
export function score(found: readonly string[], gold: ReadonlySet<string>): Scores {
  return {
    'recall@5': recallAt(5, found, gold),
    'recall@10': recallAt(10, found, gold),
    'recall@20': recallAt(20, found, gold),
    'ndcg@10': ndcgAt(10, found, gold),
    mrr: reciprocalRank(found, gold),
  };
}

/** The mean of every metric over queries. */
export function mean(all: readonly Scores[]): Scores {
  if (all.length === 0) throw new RangeError('There is no mean over no queries.');
  const of = (name: keyof Scores): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return {
    'recall@5': of('recall@5'),
    'recall@10': of('recall@10'),
    'recall@20': of('recall@20'),
    'ndcg@10': of('ndcg@10'),
    mrr: of('mrr'),
  };
}
