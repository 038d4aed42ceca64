import type { QueryVector } from '../index/embeddings.ts';
import type { FilterWords, MemoryFilter } from '../memories/filter.ts';
import type { KeyedStems } from '../index/word-keys.ts';
import type { Ranking } from './ranking.ts';

export interface SearchRequest {
  viewerId: string;
  filter: MemoryFilter;
  filterWords: readonly FilterWords[];
  /** By how many audiences the viewer may see memories of others; 0 where there are none. */
  audiences: number;
  /** Keyed words of the query, in every index of the viewer; none leaves the words out. */
  words: KeyedStems;
  /** None leaves the meaning out. */
  query: QueryVector | null;
  ranking: Ranking;
  /** A memory that is not to find itself. */
  except: string | null;
  after: { score: number; id: string } | null;
  limit: number;
}
