import { matching, type MemoryFilter } from './filter.ts';
import { visibleTo } from '../sharing/visible.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import type { MemoryOrder } from './memory-order.ts';
import type { Memory, MemoryMetadata } from './memory.ts';

/** A memory as it is stored: the text is sealed. */
export interface MemoryRow extends MemoryMetadata {
  ownerId: string;
  id: string;
  version: number;
  contentVersion: number;
  createdAt: Date;
  modifiedAt: Date;
  deletedAt: Date | null;
  sealed: Buffer;
}

/** Where a page ended: the sort key of its last row, and the id that tells equal keys apart. */
export interface Position {
  key: string;
  id: string;
}

export interface Listing {
  filter: MemoryFilter;
  filterTokens: readonly bigint[];
  order: MemoryOrder;
  after: Position | null;
  limit: number;
}

const columns = (sql: Sql): Fragment => sql`
  m.owner_id, m.id, m.version, m.content_version, m.kind, m.tags, m.source, m.source_id, m.thread, m.position,
  m.language, m.trust, m.occurred_at, m.expires_at, m.created_at, m.modified_at, m.deleted_at, t.sealed`;

const withText = (sql: Sql): Fragment => sql`
  memories m join memory_texts t
    on t.owner_id = m.owner_id and t.memory_id = m.id and t.content_version = m.content_version`;

interface SortKey {
  key: Fragment;
  /** As it travels in a cursor. */
  text: Fragment;
  /** The type to read the text as. */
  cast: Fragment;
  descending: boolean;
}

/** Sort keys are compared as what they are and travel as text; instants are kept to the millisecond, so none is lost. */
function sortKey(sql: Sql, order: MemoryOrder): SortKey {
  const descending = order.endsWith('_DESC');
  if (order === 'POSITION_ASC') {
    const key = sql`coalesce(m.position, 2147483647)`;
    return { key, text: sql`(${key})::text`, cast: sql`integer`, descending };
  }
  const key = order.startsWith('CREATED')
    ? sql`m.created_at`
    : order.startsWith('MODIFIED')
      ? sql`m.modified_at`
      : sql`coalesce(m.occurred_at, m.created_at)`;
  const text = sql`to_char(${key} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return { key, text, cast: sql`timestamptz`, descending };
}

/** One page of what the viewer may see, and each row's place in the order. */
export async function listMemoryRows(
  sql: Sql,
  viewerId: string,
  listing: Listing,
): Promise<(MemoryRow & { sortKey: string })[]> {
  const { key, text, cast, descending } = sortKey(sql, listing.order);
  const direction = descending ? sql`desc` : sql`asc`;
  const beyond = descending ? sql`<` : sql`>`;
  const { after } = listing;
  return sql<(MemoryRow & { sortKey: string })[]>`
    select ${columns(sql)}, ${text} as sort_key from ${withText(sql)}
    where ${visibleTo(sql, viewerId)} ${matching(sql, listing.filter, listing.filterTokens)}
    ${after ? sql`and (${key}, m.id) ${beyond} (${after.key}::text::${cast}, ${after.id}::uuid)` : sql``}
    order by ${key} ${direction}, m.id ${direction}
    limit ${listing.limit}`;
}

export async function countMemoryRows(
  sql: Sql,
  viewerId: string,
  filter: MemoryFilter,
  filterTokens: readonly bigint[],
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from memories m
    where ${visibleTo(sql, viewerId)} ${matching(sql, filter, filterTokens)}`;
  return row?.count ?? 0;
}

/** In no particular order; ids that name nothing the viewer may see are left out. The trash is included. */
export async function findMemoryRows(
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
): Promise<MemoryRow[]> {
  return sql<MemoryRow[]>`
    select ${columns(sql)} from ${withText(sql)}
    where m.id = any(${[...ids]}::uuid[]) and ${visibleTo(sql, viewerId)}`;
}

/** As `findMemoryRows`, and keeps others from changing the rows until the transaction ends. */
export async function lockMemoryRows(
  sql: Sql,
  ownerId: string,
  ids: readonly string[],
): Promise<MemoryRow[]> {
  // Two statements, sent together: one that waited for a lock would join the new row with the texts of its old
  // snapshot, and find none.
  const [, rows] = await Promise.all([
    sql`
      select m.id from memories m where m.owner_id = ${ownerId} and m.id = any(${[...ids]}::uuid[])
      order by m.id for update`.execute(),
    sql<MemoryRow[]>`
      select ${columns(sql)} from ${withText(sql)}
      where m.owner_id = ${ownerId} and m.id = any(${[...ids]}::uuid[])`,
  ]);
  return rows;
}

/** The living memories that came from the same places. */
export async function findBySource(
  sql: Sql,
  ownerId: string,
  sources: readonly Pick<MemoryMetadata, 'source' | 'sourceId'>[],
): Promise<Pick<Memory, 'id' | 'source' | 'sourceId'>[]> {
  return sql`
    select m.id, m.source, m.source_id from memories m
    join unnest(${sources.map((each) => each.source)}::text[], ${sources.map((each) => each.sourceId)}::text[])
      as given (source, source_id)
      on m.source_id = given.source_id and m.source is not distinct from given.source
    where m.owner_id = ${ownerId} and m.deleted_at is null`;
}

export async function countTags(
  sql: Sql,
  viewerId: string,
  prefix: string,
  limit: number,
): Promise<{ tag: string; memories: number }[]> {
  return sql`
    select tag, count(*)::integer as memories from memories m cross join unnest(m.tags) as tag
    where ${visibleTo(sql, viewerId)} ${matching(sql, {}, [])} and starts_with(lower(tag), lower(${prefix}))
    group by tag order by memories desc, tag limit ${limit}`;
}
