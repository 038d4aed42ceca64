import { readMemories } from '../memories/find-memories.ts';
import type { Memory } from '../memories/memory.ts';
import type { Opening } from '../memories/reveal.ts';
import type { Sql } from '../storage/database.ts';
import type { SearchRequest } from './request.ts';
import { searchRows, type HitRow } from './rows.ts';

export interface Hit extends HitRow {
  memory: Memory;
}

export interface PageOfHits {
  hits: Hit[];
  hasNextPage: boolean;
}

/** Ranks, then reads what was found under the viewer's own permission. One that was deleted in between is left out. */
export async function pageOfHits(
  opening: Opening,
  sql: Sql,
  request: Omit<SearchRequest, 'limit'>,
  first: number,
): Promise<PageOfHits> {
  const ranked = await searchRows(sql, { ...request, limit: first + 1 });
  const page = ranked.slice(0, first);
  const ids = page.map(({ id }) => id);
  const memories =
    ids.length > 0
      ? await readMemories(opening, sql, request.viewerId, ids, 'SEARCH')
      : new Map<string, Memory>();
  const hits = page.flatMap((row) => {
    const memory = memories.get(row.id);
    return memory ? [{ ...row, memory }] : [];
  });
  return { hits, hasNextPage: ranked.length > first };
}
