import { visibleTo } from '../sharing/visible.ts';
import type { Sql } from '../storage/database.ts';
import type { Trust } from './memory.ts';

/** What a memory was made of, and how much that was trusted then or has become since. */
export interface SourceRow {
  memoryId: string;
  sourceId: string;
  trust: Trust;
}

/**
 * Makes others wait who would lower what is written here, or what was made of it, before any row is locked.
 * @param ids the memories that are about to be changed
 * @param deriving whether the change says what a memory was made of
 */
export async function lockLineage(sql: Sql, ids: readonly string[], deriving: boolean): Promise<void> {
  await sql`select lock_lineage(${[...ids]}::uuid[], ${deriving})`;
}

/** Those of the memories that the viewer may see outside the trash; their own stay as they are until the end. */
export async function lockSourceRows(
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
): Promise<{ id: string; ownerId: string; trust: Trust }[]> {
  await sql`select lock_sharing(${viewerId})`;
  await sql`
    select from memories where owner_id = ${viewerId} and id = any(${[...ids]}::uuid[]) order by id for share`;
  return sql`
    select m.id, m.owner_id, m.trust from memories m
    where m.id = any(${[...ids]}::uuid[]) and m.deleted_at is null and ${visibleTo(sql, viewerId)}`;
}

/** In the order in which they were named; of others' memories those alone that the viewer may see. */
export async function listSourceRows(sql: Sql, memoryIds: readonly string[]): Promise<SourceRow[]> {
  return sql`
    select memory_id, source_id, trust from memory_sources
    where memory_id = any(${[...memoryIds]}::uuid[]) order by memory_id, place`;
}

export async function replaceSourceRows(
  sql: Sql,
  ownerId: string,
  memoryIds: readonly string[],
  rows: readonly SourceRow[],
): Promise<void> {
  if (memoryIds.length === 0) return;
  await sql`delete from memory_sources where owner_id = ${ownerId} and memory_id = any(${[...memoryIds]}::uuid[])`;
  await sql`
    insert into memory_sources (owner_id, memory_id, source_id, place, trust)
    select ${ownerId}, memory_id, source_id, place, trust from unnest(
      ${rows.map(({ memoryId }) => memoryId)}::uuid[], ${rows.map(({ sourceId }) => sourceId)}::uuid[],
      ${rows.map(({ trust }) => trust)}::text[]) with ordinality as given (memory_id, source_id, trust, place)`;
}
