import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { checkedFilter } from './checked-filter.ts';
import type { MemoryFilter } from './filter.ts';
import { filterTokens } from './filter-tokens.ts';
import { hybrid, withoutThread, wordsAlone } from './ranking.ts';
import { findContent } from './content-rows.ts';
import { searchRows } from './rows.ts';
import type { SearchResult } from './search-memories.ts';

export interface Related {
  to: string;
  filter: MemoryFilter;
  limit: number;
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
    const hits = await searchRows(sql, {
      viewerId: viewer.id,
      filter,
      filterTokens: filterTokens(keys, viewer.id, filter, 'en'),
      tokens: memory.tokens,
      query,
      ranking: withoutThread(query ? hybrid : wordsAlone),
      except: related.to,
      after: null,
      limit: related.limit,
    });
    const notice = query ? null : 'That memory has no vectors yet, so these were found by word alone.';
    return { hits: hits.map((hit) => ({ ...hit, matched: [] })), mode: query ? 'HYBRID' : 'WORDS', notice };
  });
}
