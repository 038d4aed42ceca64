import type { Sql } from '../storage/database.ts';
import type { MemoryRead, ReadingApp, ReadingFace, ReadWay } from './read.ts';

export interface NotedRead {
  ownerId: string;
  memoryId: string;
  readerId: string;
  appKind: ReadingApp['kind'];
  appId: string;
  face: ReadingFace;
  way: ReadWay;
  hour: Date;
  count: number;
  firstAt: Date;
  lastAt: Date;
}

/** Where a page ended. */
export interface Position {
  at: Date;
  id: string;
}

/** Adds to what is there; leaves out what is gone meanwhile, and the reads that their owner keeps none of. */
export async function putReads(sql: Sql, reads: readonly NotedRead[]): Promise<void> {
  // It locks accounts and memories, and gives way long before the database would look for whoever waits in a circle.
  await sql`set local lock_timeout = '200ms'`;
  await sql`
    insert into memory_reads as r
      (owner_id, memory_id, reader_id, app_kind, app_id, face, way, hour, count, first_at, last_at)
    select "ownerId", "memoryId", "readerId", "appKind", "appId", face, way, hour, count, "firstAt", "lastAt"
    from jsonb_to_recordset(${sql.json(reads as never)}) as g ("ownerId" uuid, "memoryId" uuid, "readerId" uuid,
      "appKind" text, "appId" text, face text, way text, hour timestamptz, count bigint, "firstAt" timestamptz,
      "lastAt" timestamptz)
    join memories m on m.owner_id = "ownerId" and m.id = "memoryId"
    join users owner on owner.id = "ownerId" and owner.reads_kept_days > 0
    join users reader on reader.id = "readerId"
    on conflict (owner_id, memory_id, reader_id, app_kind, app_id, face, way, hour) do update
      set count = r.count + excluded.count, last_at = greatest(r.last_at, excluded.last_at)`;
}

/** Newest first, of the viewer's own memories, or of one of them. */
export async function listReads(
  sql: Sql,
  ownerId: string,
  memoryId: string | null,
  after: Position | null,
  limit: number,
): Promise<MemoryRead[]> {
  const rows = await sql<
    (Omit<MemoryRead, 'app'> & { kind: ReadingApp['kind']; appId: string | null; name: string | null })[]
  >`
    select r.id, r.memory_id, r.reader_id, r.face, r.way, r.count::float8 as count, r.first_at, r.last_at,
      r.app_kind as kind, nullif(r.app_id, '') as app_id,
      coalesce(c.name, k.name) as name
    from memory_reads r
    left join connected_apps c
      on r.app_kind = 'APP' and c.owner_id = r.owner_id and r.reader_id = r.owner_id and c.client_id = r.app_id
    left join api_keys k
      on r.app_kind = 'KEY' and k.owner_id = r.owner_id and r.reader_id = r.owner_id and k.id::text = r.app_id
    where r.owner_id = ${ownerId}
      ${memoryId === null ? sql`` : sql`and r.memory_id = ${memoryId}`}
      ${after ? sql`and (r.first_at, r.id) < (${after.at}, ${after.id}::uuid)` : sql``}
    order by r.first_at desc, r.id desc limit ${limit}`;
  return rows.map(({ kind, appId, name, ...read }) => ({ ...read, app: { kind, id: appId, name } }));
}

/** Answers how many rows went. */
export async function deleteReads(
  sql: Sql,
  ownerId: string,
  memoryId: string | null,
  before: Date | null,
): Promise<number> {
  const { count } = await sql`
    delete from memory_reads where owner_id = ${ownerId}
      ${memoryId === null ? sql`` : sql`and memory_id = ${memoryId}`}
      ${before ? sql`and first_at < ${before}` : sql``}`;
  return count;
}

export async function deleteOldReads(sql: Sql): Promise<number> {
  const { count } = await sql`
    delete from memory_reads r using users u
    where u.id = r.owner_id and r.first_at < now() - make_interval(days => u.reads_kept_days)`;
  return count;
}

/** Of the viewer. */
export async function findDaysKept(sql: Sql): Promise<number> {
  const [row] = await sql<{ days: number | null }[]>`select own_reads_kept_days() as days`;
  if (typeof row?.days !== 'number') throw new Error('The account of a living credential is gone');
  return row.days;
}

export async function setDaysKept(sql: Sql, ownerId: string, days: number): Promise<void> {
  await sql`update users set reads_kept_days = ${days} where id = ${ownerId}`;
}
