import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { checkedFilter } from '../memories/checked-filter.ts';
import type { MemoryFilter } from '../memories/filter.ts';
import { filterTokens } from '../memories/filter-tokens.ts';
import { hybrid, withoutThread, wordsAlone } from './ranking.ts';
import { findContent } from './content-rows.ts';
import { pageOfHits } from './page-of-hits.ts';
import type { SearchResult } from './search-memories.ts';

export interface Related {
  to: string;
  filter: MemoryFilter;
  first: number;
}

/** The memories that are most like one memory; null when the viewer may not see that one. */
export async function relatedMemories(
  services: Services,
  viewer: Viewer,
  related: Related,
): Promise<SearchResult | null> {
  if (!isId(related.to)) return null;
  const filter = checkedFilter(related.filter);
  return services.database.forViewer(viewer.id, async (sql) => {
    const memory = await findContent(sql, viewer.id, related.to, services.embeddings.activeModelId);
    if (!memory) return null;
    const keys = await services.dataKeys.of(sql, viewer.id);
    const { query } = memory;
    const request = {
      viewerId: viewer.id,
      filter,
      filterTokens: filterTokens(keys, viewer.id, filter, 'en'),
      tokens: memory.tokens,
      query,
      ranking: withoutThread(query ? hybrid : wordsAlone),
      except: related.to,
      after: null,
    };
    const { hits, hasNextPage } = await pageOfHits(sql, keys, request, related.first);
    return {
      hits: hits.map((hit) => ({ ...hit, matched: [] })),
      hasNextPage,
      mode: query ? 'HYBRID' : 'WORDS',
      notice: query ? null : 'That memory has no vectors yet, so these were found by word alone.',
    };
  });
}
