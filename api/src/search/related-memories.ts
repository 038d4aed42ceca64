import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { checkedFilter } from '../memories/checked-filter.ts';
import type { MemoryFilter } from '../memories/filter.ts';
import { filterWords } from '../memories/filter-words.ts';
import { hybrid, withoutThread, wordsAlone } from './ranking.ts';
import { readMemories } from '../memories/find-memories.ts';
import { stems } from '../index/stems.ts';
import { keyedStems, wordKeysOf } from '../index/word-keys.ts';
import { findCentre } from './content-rows.ts';
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
    const memory = (await readMemories(services, sql, viewer.id, [related.to], 'LOOKUP')).get(
      related.to.toLowerCase(),
    );
    if (!memory || memory.deletedAt) return null;
    const query = await findCentre(sql, viewer.id, memory.id, services.embeddings.activeModelId);
    const keys = await services.dataKeys.of(sql, viewer.id);
    const wordKeys = await wordKeysOf(sql, viewer.id, keys);
    const request = {
      viewerId: viewer.id,
      filter,
      filterWords: await filterWords(filter, 'en', () => wordKeys),
      audiences: wordKeys.filter(({ own }) => !own).length,
      words: keyedStems(wordKeys, mostFrequent(stems(memory.text, memory.language))),
      query,
      ranking: withoutThread(query ? hybrid : wordsAlone),
      except: memory.id,
      after: null,
    };
    const { hits, hasNextPage } = await pageOfHits(services, sql, request, related.first);
    return {
      hits: hits.map((hit) => ({ ...hit, matched: [] })),
      hasNextPage,
      mode: query ? 'HYBRID' : 'WORDS',
      notice: query ? null : 'That memory has no vectors yet, so these were found by word alone.',
    };
  });
}

/** More words than these only blur what a long memory is about. */
const MAX_WORDS = 48;

function mostFrequent(all: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const stem of all) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return [...counts]
    .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
    .slice(0, MAX_WORDS)
    .map(([stem]) => stem);
}
