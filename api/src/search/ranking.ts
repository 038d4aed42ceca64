/**
 * How the parts of a score are weighed: one setting for every account and every kind of memory. A weighted sum of
 * normalised scores beat reciprocal rank fusion on every set tried; docs/decisions tells the figures.
 */
export interface Ranking {
  /** Of the memory's own words (BM25, divided by the best of the query). */
  words: number;
  /** Of the memory's own meaning (cosine similarity, scaled from the least to the best of the candidates). */
  meaning: number;
  /** What the memories directly before and after it in the thread lend, as a part of their own score. */
  neighbours: number;
  /** What the thread as a whole lends by its words (BM25 over threads, divided by the best). */
  thread: number;
  /** How many of the best by words, and of the best by meaning, are weighed against each other. */
  candidates: number;
}

export const hybrid: Ranking = { words: 0.4, meaning: 0.6, neighbours: 0.25, thread: 0.25, candidates: 32 };
export const wordsAlone: Ranking = { words: 1, meaning: 0, neighbours: 0.3, thread: 0.3, candidates: 100 };
export const vectorsAlone: Ranking = { words: 0, meaning: 1, neighbours: 0.2, thread: 0, candidates: 100 };

export function withoutThread(ranking: Ranking): Ranking {
  return { ...ranking, neighbours: 0, thread: 0 };
}

/** BM25 (Robertson and Zaragoza, 2009): how soon repetition saturates, and how much length counts. */
export const BM25 = { k1: 1.2, b: 0.75 } as const;
