import type { Sql } from '../storage/database.ts';
import type { MemoryRow } from './rows.ts';

const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

type MemoryColumns = Omit<MemoryRow, 'sealed'>;

function toJson(row: MemoryColumns): Record<string, unknown> {
  return {
    owner_id: row.ownerId,
    id: row.id,
    version: row.version,
    content_version: row.contentVersion,
    kind: row.kind,
    tags: row.tags,
    source: row.source,
    source_id: row.sourceId,
    thread: row.thread,
    position: row.position,
    language: row.language,
    trust: row.trust,
    own_trust: row.ownTrust,
    visibility: row.visibility,
    written_by: row.writtenBy,
    occurred_at: row.occurredAt,
    created_at: row.createdAt,
    modified_at: row.modifiedAt,
    expires_at: row.expiresAt,
  };
}

export async function insertMemoryRows(sql: Sql, rows: readonly MemoryRow[]): Promise<void> {
  // The driver sends a query when it is first waited for; the texts refer to the memories, so these go first.
  await Promise.all([
    sql`
      insert into memories (owner_id, id, version, content_version, kind, tags, source, source_id, thread, position,
        language, trust, own_trust, visibility, occurred_at, created_at, modified_at, expires_at)
      select owner_id, id, version, content_version, kind, tags, source, source_id, thread, position,
        language, trust, own_trust, visibility, occurred_at, created_at, modified_at, expires_at
      from jsonb_populate_recordset(null::memories, ${sql.json(rows.map(toJson) as never)})`.execute(),
    insertTexts(sql, rows),
  ]);
}

async function insertTexts(sql: Sql, rows: readonly MemoryRow[]): Promise<void> {
  const json = rows.map((row) => ({
    owner_id: row.ownerId,
    memory_id: row.id,
    content_version: row.contentVersion,
    sealed: hex(row.sealed),
  }));
  await sql`
    insert into memory_texts (owner_id, memory_id, content_version, sealed)
    select owner_id, memory_id, content_version, sealed
    from jsonb_populate_recordset(null::memory_texts, ${sql.json(json)})`;
}

/** Writes new versions: what each memory was goes into its history first. Those whose text changed bring it sealed. */
export async function updateMemoryRows(
  sql: Sql,
  rows: readonly MemoryColumns[],
  rewritten: readonly MemoryRow[],
): Promise<void> {
  const ids = rows.map((row) => row.id);
  const ownerId = rows[0]?.ownerId;
  if (ownerId === undefined) return;
  const history = sql`
    insert into memory_versions (owner_id, memory_id, version, content_version, kind, tags, source, source_id, thread,
      position, language, trust, written_by, occurred_at, modified_at, expires_at)
    select owner_id, id, version, content_version, kind, tags, source, source_id, thread,
      position, language, trust, written_by, occurred_at, modified_at, expires_at
    from memories where owner_id = ${ownerId} and id = any(${ids}::uuid[])`;
  const update = sql`
    update memories m set
      version = n.version, content_version = n.content_version, kind = n.kind, tags = n.tags, source = n.source,
      source_id = n.source_id, thread = n.thread, position = n.position, language = n.language, trust = n.trust,
      own_trust = n.own_trust, visibility = n.visibility, written_by = n.written_by,
      occurred_at = n.occurred_at, modified_at = n.modified_at, expires_at = n.expires_at
    from jsonb_populate_recordset(null::memories, ${sql.json(rows.map(toJson) as never)}) n
    where m.owner_id = n.owner_id and m.id = n.id`;
  await Promise.all([history, update, rewritten.length > 0 ? insertTexts(sql, rewritten) : undefined]);
}

/** Into the trash, or out of it with null. */
export async function setDeleted(
  sql: Sql,
  ownerId: string,
  ids: readonly string[],
  at: Date | null,
): Promise<void> {
  await sql`update memories set deleted_at = ${at} where owner_id = ${ownerId} and id = any(${[...ids]}::uuid[])`;
}

/** Erases what has been in the trash for so long; history, words and vectors go with it. Answers how many. */
export async function eraseTrash(sql: Sql, days: number): Promise<number> {
  // Before any row: grants on the memories go with them.
  await sql`
    select lock_sharing_alone(owner_id) from (
      select distinct owner_id from memories where deleted_at < now() - make_interval(days => ${days})
      order by owner_id) each_owner`;
  return (await sql`delete from memories where deleted_at < now() - make_interval(days => ${days})`).count;
}
