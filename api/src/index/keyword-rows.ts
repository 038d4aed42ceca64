import type { Sql } from '../storage/database.ts';
import type { KeyedWords } from './keyed-tokens.ts';

export interface KeywordRow extends KeyedWords {
  ownerId: string;
  memoryId: string;
  audienceId: string;
}

/** Raised when the form of tokens changes, so that old rows can be told and made anew. */
export const KEY_VERSION = 1;

export async function putKeywords(sql: Sql, rows: readonly KeywordRow[]): Promise<void> {
  // Tokens travel as text: a JSON number cannot hold 64 bits.
  const json = rows.map((row) => ({
    owner_id: row.ownerId,
    memory_id: row.memoryId,
    audience_id: row.audienceId,
    tokens: row.tokens.map(String),
    counts: row.counts,
    length: row.length,
  }));
  await sql`
    insert into memory_keywords
      (owner_id, memory_id, audience_id, key_version, thread_key, tokens, counts, length, expires_at)
    select row.owner_id, row.memory_id, row.audience_id, ${KEY_VERSION}, m.thread_key, tokens, counts, length, r.expires_at
    from jsonb_to_recordset(${sql.json(json)}) as row (
      owner_id uuid, memory_id uuid, audience_id uuid, tokens bigint[], counts integer[], length integer)
    join memories m on m.owner_id = row.owner_id and m.id = row.memory_id
    left join memory_readers r
      on r.owner_id = row.owner_id and r.memory_id = row.memory_id and r.audience_id = row.audience_id
    where row.audience_id = row.owner_id or r.audience_id is not null
    on conflict (owner_id, memory_id, audience_id) do update
    set key_version = excluded.key_version, thread_key = excluded.thread_key, tokens = excluded.tokens, counts = excluded.counts, length = excluded.length, expires_at = excluded.expires_at`;
}

export async function deleteKeywords(sql: Sql, ownerId: string, memoryIds: readonly string[]): Promise<void> {
  await sql`delete from memory_keywords where owner_id = ${ownerId} and memory_id = any(${[...memoryIds]})`;
}
