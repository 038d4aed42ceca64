import type { Viewer } from '../accounts/viewer.ts';
import { wordKeysOf } from '../index/word-keys.ts';
import type { Sql } from '../storage/database.ts';
import type { FilterWords, MemoryFilter } from './filter.ts';
import { filterWords } from './filter-words.ts';
import type { Services } from '../services.ts';
import type { Memory } from './memory.ts';
import { revealAll } from './reveal.ts';
import type { MemoryOrder } from './memory-order.ts';
import { countMemoryRows, countTags, listMemoryRows, type Position } from './rows.ts';

export interface ListRequest {
  filter: MemoryFilter;
  order: MemoryOrder;
  after: Position | null;
  limit: number;
}

export type Listed = Memory & { sortKey: string };

/** One page of the memories that the viewer may see. */
export async function listMemories(
  services: Services,
  viewer: Viewer,
  request: ListRequest,
): Promise<Listed[]> {
  const { filter } = request;
  return services.database.forViewer(viewer.id, async (sql) => {
    const words = await wordsOf(services, sql, viewer, filter);
    const rows = await listMemoryRows(sql, viewer.id, { ...request, words });
    return revealAll(services, sql, rows, 'LIST');
  });
}

export async function countMemories(
  services: Services,
  viewer: Viewer,
  filter: MemoryFilter,
): Promise<number> {
  return services.database.forViewer(viewer.id, async (sql) => {
    const words = await wordsOf(services, sql, viewer, filter);
    return countMemoryRows(sql, viewer.id, filter, words);
  });
}

export async function listTags(
  services: Services,
  viewer: Viewer,
  prefix: string,
  limit: number,
): Promise<{ tag: string; memories: number }[]> {
  return services.database.forViewer(viewer.id, (sql) => countTags(sql, viewer.id, prefix, limit));
}

function wordsOf(
  { dataKeys }: Services,
  sql: Sql,
  { id }: Viewer,
  filter: MemoryFilter,
): Promise<FilterWords[]> {
  return filterWords(filter, 'en', async () => wordKeysOf(sql, id, await dataKeys.of(sql, id)));
}
