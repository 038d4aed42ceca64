import { matching, type FilterWords, type MemoryFilter } from './filter.ts';
import { visibleMemories, visibleTo } from '../sharing/visible.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import type { MemoryOrder } from './memory-order.ts';
import type { Memory, MemoryMetadata, Trust, Visibility } from './memory.ts';

/** A memory as it is stored: the text is sealed. */
export interface MemoryRow extends MemoryMetadata {
  ownerId: string;
  id: string;
  visibility: Visibility;
  /** Of the present version; null: the owner. */
  writtenBy: string | null;
  ownTrust: Trust | null;
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
  words: readonly FilterWords[];
  order: MemoryOrder;
  after: Position | null;
  limit: number;
}

/** Of `memories m`, joined by `joinText`. */
export const memoryColumns = (sql: Sql): Fragment => sql`
  m.owner_id, m.id, m.version, m.content_version, m.kind, m.tags, m.source, m.source_id, m.thread, m.position,
  m.language, m.trust, m.own_trust, m.visibility, m.written_by, m.occurred_at, m.expires_at, m.created_at, m.modified_at, m.deleted_at, t.sealed`;

export const joinText = (sql: Sql): Fragment => sql`
  join memory_texts t on t.owner_id = m.owner_id and t.memory_id = m.id and t.content_version = m.content_version`;

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
  const orderBy = sql`${key} ${direction}, m.id ${direction}`;
  const narrow = sql`
    ${matching(sql, listing.filter, listing.words)}
    ${after ? sql`and (${key}, m.id) ${beyond} (${after.key}::text::${cast}, ${after.id}::uuid)` : sql``}`;
  return sql<(MemoryRow & { sortKey: string })[]>`
    with page as materialized (
      select owner_id, id from (
        select distinct m.owner_id, m.id, ${key} as key
        from ${visibleMemories(sql, viewerId, narrow, { orderBy, limit: listing.limit })}
      ) found
      order by key ${direction}, id ${direction} limit ${listing.limit}
    )
    select ${memoryColumns(sql)}, ${text} as sort_key
    from page join memories m on m.owner_id = page.owner_id and m.id = page.id ${joinText(sql)}
    order by ${orderBy}`;
}

export async function countMemoryRows(
  sql: Sql,
  viewerId: string,
  filter: MemoryFilter,
  words: readonly FilterWords[],
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from (
      select distinct m.owner_id, m.id from ${visibleMemories(sql, viewerId, matching(sql, filter, words))}
    ) found`;
  return row?.count ?? 0;
}

/** In no particular order; ids that name nothing the viewer may see are left out. The trash is included. */
export async function findMemoryRows(
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
): Promise<MemoryRow[]> {
  return sql<MemoryRow[]>`
    select ${memoryColumns(sql)} from memories m ${joinText(sql)}
    where m.id = any(${[...ids]}::uuid[]) and ${visibleTo(sql, viewerId)}`;
}

/** Those of the ids that name others' memories which the viewer may see. */
export async function listSharedIds(
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }[]>`
    select m.id from memories m where m.id = any(${[...ids]}::uuid[]) and m.owner_id <> ${viewerId} and ${visibleTo(sql, viewerId)}`;
  return new Set(rows.map(({ id }) => id));
}

/** As `findMemoryRows`, and keeps others from changing the rows until the transaction ends. */
export async function lockMemoryRows(
  sql: Sql,
  ownerId: string,
  ids: readonly string[],
): Promise<MemoryRow[]> {
  // Three statements, sent together: one that waited for a lock would join the new row with the texts of its old
  // snapshot, and find none.
  const [, , rows] = await Promise.all([
    sql`select lock_sharing(${ownerId})`.execute(),
    sql`
      select m.id from memories m where m.owner_id = ${ownerId} and m.id = any(${[...ids]}::uuid[])
      order by m.id for no key update`.execute(),
    sql<MemoryRow[]>`
      select ${memoryColumns(sql)} from memories m ${joinText(sql)}
      where m.owner_id = ${ownerId} and m.id = any(${[...ids]}::uuid[])`,
  ]);
  return rows;
}

/**
 * Keeps others from changing those of the memories that the viewer may write, and from taking that right away, until the
 * transaction ends. Answers which of them are others'.
 */
export async function lockForWriting(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql<{ id: string }[]>`select id from lock_for_writing(${[...ids]}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
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
    select tag, count(*)::integer as memories
    from (select distinct m.owner_id, m.id, m.tags from ${visibleMemories(sql, viewerId, matching(sql, {}, []))}) found
    cross join unnest(tags) as tag
    where starts_with(lower(tag), lower(${prefix}))
    group by tag order by memories desc, tag limit ${limit}`;
}
