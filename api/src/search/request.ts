import type { QueryVector } from '../index/embeddings.ts';
import type { MemoryFilter } from '../memories/filter.ts';
import type { Ranking } from './ranking.ts';

export interface SearchRequest {
  viewerId: string;
  filter: MemoryFilter;
  filterTokens: readonly bigint[];
  /** Keyed words of the query; none leaves the words out. */
  tokens: readonly bigint[];
  /** None leaves the meaning out. */
  query: QueryVector | null;
  ranking: Ranking;
  /** A memory that is not to find itself. */
  except: string | null;
  after: { score: number; id: string } | null;
  limit: number;
}
