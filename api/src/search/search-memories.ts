import { z } from 'zod';
import type { Viewer } from '../accounts/viewer.ts';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { checkedFilter } from '../memories/checked-filter.ts';
import type { QueryVector } from '../index/embeddings.ts';
import type { MemoryFilter } from '../memories/filter.ts';
import { hybrid, vectorsAlone, withoutThread, wordsAlone, type Ranking } from './ranking.ts';
import { pageOfHits, type Hit } from './page-of-hits.ts';
import { stemmedWords } from '../index/stems.ts';
import { keyedStems, wordKeysOf } from '../index/word-keys.ts';
import { filterWords } from '../memories/filter-words.ts';

export type SearchMode = 'HYBRID' | 'WORDS' | 'VECTORS';

export interface Search {
  query: string;
  mode: SearchMode;
  filter: MemoryFilter;
  language: string;
  threadContext: boolean;
  after: { score: number; id: string } | null;
  first: number;
}

export interface SearchHit extends Hit {
  /** The query's words that the memory holds, as they were asked. */
  matched: string[];
}

export interface SearchResult {
  hits: SearchHit[];
  hasNextPage: boolean;
  /** How it was ranked in the end: by words alone where no model can answer. */
  mode: SearchMode;
  notice: string | null;
}

const queryText = z
  .string()
  .max(2_000, 'must be at most 2000 characters')
  .refine((text) => text.trim() !== '', 'must not be empty');

/** The memories that fit the query best, by word and by meaning, among those that the viewer may see. */
export async function searchMemories(
  services: Services,
  viewer: Viewer,
  search: Search,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const text = checked('query', queryText, search.query);
  const filter = checkedFilter(search.filter);
  const { vector, notice } =
    search.mode === 'WORDS' ? { vector: null, notice: null } : await meaning(services, text, signal);
  const mode = vector ? search.mode : 'WORDS';
  const asked = new Map(stemmedWords(text, search.language).map(({ word, stem }) => [stem, word]));
  return services.database.forViewer(viewer.id, async (sql) => {
    const keys = await services.dataKeys.of(sql, viewer.id);
    const wordKeys = await wordKeysOf(sql, viewer.id, keys);
    const request = {
      viewerId: viewer.id,
      filter,
      filterWords: await filterWords(filter, search.language, () => wordKeys),
      audiences: wordKeys.filter(({ own }) => !own).length,
      words: keyedStems(wordKeys, mode === 'VECTORS' ? [] : [...asked.keys()]),
      query: vector,
      ranking: ranking(mode, search.threadContext),
      except: null,
      after: search.after,
    };
    const { hits, hasNextPage } = await pageOfHits(services, sql, request, search.first);
    const words = [...asked.values()];
    const named = hits.map((hit) => ({ ...hit, matched: hit.stems.flatMap((stem) => words[stem] ?? []) }));
    return { hits: named, hasNextPage, mode, notice };
  });
}

/** A provider that fails must not take the search by word with it. */
async function meaning(
  services: Services,
  text: string,
  signal?: AbortSignal,
): Promise<{ vector: QueryVector | null; notice: string | null }> {
  try {
    const vector = await services.embeddings.queryVector(text, signal);
    if (vector) return { vector, notice: null };
    return {
      vector: null,
      notice:
        'No embedding model is at hand, so these were found by word alone. `picard doctor` says what to do.',
    };
  } catch (error) {
    signal?.throwIfAborted();
    services.logger.warn(
      { reason: error instanceof Error ? error.name : 'unknown' },
      'A query could not be embedded',
    );
    return {
      vector: null,
      notice:
        'The embedding model does not answer just now, so these were found by word alone. Try again for meaning.',
    };
  }
}

function ranking(mode: SearchMode, threadContext: boolean): Ranking {
  const whole = { HYBRID: hybrid, WORDS: wordsAlone, VECTORS: vectorsAlone }[mode];
  return threadContext ? whole : withoutThread(whole);
}
