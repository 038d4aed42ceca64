/** A document as BM25 sees it: the id that breaks ties, and its stems in any order, repeats included. */
export interface Bm25Document {
  readonly id: string;
  readonly stems: readonly string[];
}

interface Entry {
  readonly id: string;
  readonly length: number;
  readonly counts: ReadonlyMap<string, number>;
}

const k1 = 1.2;
const b = 0.75;

/**
 * Contributions become whole numbers before they are added, so that the order of addition cannot change a
 * sum, and two implementations break the same ties.
 */
const scale = 1e9;

/**
 * Plain Okapi BM25 over the documents of one owner (Robertson and Zaragoza 2009, with Lucene's idf,
 * ln(1 + (N − df + ½) / (df + ½)), which never falls below 0). It knows no keys and no index: it is what the
 * keyed index of the server is compared with.
 */
export class Bm25 {
  readonly #entries: readonly Entry[];
  readonly #frequencies = new Map<string, number>();
  readonly #averageLength: number;

  constructor(documents: Iterable<Bm25Document>) {
    this.#entries = Array.from(documents, ({ id, stems }) => {
      const counts = new Map<string, number>();
      for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
      for (const stem of counts.keys()) this.#frequencies.set(stem, (this.#frequencies.get(stem) ?? 0) + 1);
      return { id, length: stems.length, counts };
    });
    const total = this.#entries.reduce((sum, entry) => sum + entry.length, 0);
    this.#averageLength = this.#entries.length === 0 ? 0 : total / this.#entries.length;
  }

  /** The best `limit` documents that hold at least one query stem: score descending, then id ascending. */
  search(query: Iterable<string>, limit: number): { readonly id: string; readonly score: number }[] {
    const terms = [...new Set(query)];
    return this.#entries
      .map((entry) => ({ id: entry.id, score: this.#score(entry, terms) }))
      .filter((hit) => hit.score > 0)
      .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
      .slice(0, limit);
  }

  #score(entry: Entry, terms: readonly string[]): number {
    let sum = 0;
    for (const term of terms) {
      const count = entry.counts.get(term);
      if (count === undefined) continue;
      const norm = k1 * (1 - b + (b * entry.length) / this.#averageLength);
      sum += Math.round(((this.#idf(term) * count * (k1 + 1)) / (count + norm)) * scale);
    }
    return sum / scale;
  }

  #idf(term: string): number {
    const frequency = this.#frequencies.get(term) ?? 0;
    return Math.log(1 + (this.#entries.length - frequency + 0.5) / (frequency + 0.5));
  }
}
