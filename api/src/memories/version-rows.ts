import type { Sql } from '../storage/database.ts';
import type { MemoryMetadata } from './memory.ts';

/** One version of a memory, the present one included, as it is stored. */
export interface VersionRow extends MemoryMetadata {
  ownerId: string;
  memoryId: string;
  version: number;
  contentVersion: number;
  /** When this version was written. */
  modifiedAt: Date;
  /** Null: the owner. */
  writtenBy: string | null;
  sealed: Buffer;
}

/** Of the viewer's own memory, for what others may see is the present alone. Newest first, from before `before`. */
export async function listVersionRows(
  sql: Sql,
  viewerId: string,
  memoryId: string,
  before: number | null,
  limit: number,
): Promise<VersionRow[]> {
  const metadata = (alias: string) => sql`
    ${sql(alias)}.version, ${sql(alias)}.content_version, ${sql(alias)}.kind, ${sql(alias)}.tags, ${sql(alias)}.source,
    ${sql(alias)}.source_id, ${sql(alias)}.thread, ${sql(alias)}.position, ${sql(alias)}.language, ${sql(alias)}.trust, ${sql(alias)}.written_by,
    ${sql(alias)}.occurred_at, ${sql(alias)}.modified_at, ${sql(alias)}.expires_at`;
  return sql<VersionRow[]>`
    with versions as (
      select m.owner_id, m.id as memory_id, ${metadata('m')} from memories m
      where m.id = ${memoryId} and m.owner_id = ${viewerId}
      union all
      select v.owner_id, v.memory_id, ${metadata('v')} from memory_versions v
      join memories m on m.owner_id = v.owner_id and m.id = v.memory_id
      where m.id = ${memoryId} and m.owner_id = ${viewerId}
    )
    select versions.*, t.sealed from versions join memory_texts t using (owner_id, memory_id, content_version)
    ${before === null ? sql`` : sql`where version < ${before}::bigint`}
    order by version desc limit ${limit}`;
}
