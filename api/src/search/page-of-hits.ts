import type { Memory } from '../memories/memory.ts';
import { revealAll, type Opening } from '../memories/reveal.ts';
import type { Sql } from '../storage/database.ts';
import type { SearchRequest } from './request.ts';
import { searchRows, type Found } from './rows.ts';

export interface Hit extends Found {
  memory: Memory;
}

export interface PageOfHits {
  hits: Hit[];
  hasNextPage: boolean;
}

/** One page of what is ranked, each with its memory. */
export async function pageOfHits(
  opening: Opening,
  sql: Sql,
  request: Omit<SearchRequest, 'limit'>,
  first: number,
): Promise<PageOfHits> {
  const ranked = await searchRows(sql, { ...request, limit: first + 1 });
  const memories = await revealAll(opening, sql, ranked.slice(0, first), 'SEARCH');
  const hits = memories.map((memory) => {
    const { score, byWords, byMeaning, byNeighbours, byThread, stems } = memory;
    return { memory, score, byWords, byMeaning, byNeighbours, byThread, stems };
  });
  return { hits, hasNextPage: ranked.length > first };
}
