import type { Sql } from '../storage/database.ts';

/**
 * The audiences that the viewer is in: the account itself, everyone, and each group. None where nobody lets any of them
 * see anything, so that whoever is alone on a server does not look for others.
 */
export async function listAudiences(sql: Sql, viewerId: string): Promise<string[]> {
  const [row] = await sql<{ audiences: string[] }[]>`
    with viewer as materialized (select picard_audiences() as audiences)
    select audiences from viewer
    where exists (select from memory_audiences where audience_id = any (audiences) and owner_id < ${viewerId})
      or exists (select from memory_audiences where audience_id = any (audiences) and owner_id > ${viewerId})`;
  return row?.audiences ?? [];
}

export interface Reader {
  ownerId: string;
  memoryId: string;
  audienceId: string;
}

/** For whom, beside the owner, the words of these memories are kept. */
export async function listReaders(
  sql: Sql,
  memories: readonly { ownerId: string; id: string }[],
): Promise<Reader[]> {
  return sql<Reader[]>`
    select distinct owner_id, memory_id, audience_id from memory_audiences
    where owner_id = any(${[...new Set(memories.map(({ ownerId }) => ownerId))]}::uuid[])
      and memory_id = any(${memories.map(({ id }) => id)}::uuid[])`;
}

export interface PendingWords extends Reader {
  contentVersion: number;
  language: string;
  sealed: Buffer;
}

/** Until the transaction ends nobody else writes memories of these owners or grants on them; before any row is locked. */
export async function lockSharingAlone(sql: Sql, ownerIds: readonly string[]): Promise<void> {
  await sql`
    select lock_sharing_alone(owner_id)
    from (select distinct owner_id from unnest(${[...ownerIds]}::uuid[]) owner_id order by owner_id) each_owner`;
}

/** Owners of memories whose words are still to be keyed for somebody. */
export async function listPendingOwners(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ ownerId: string }[]>`
    select distinct owner_id from (select owner_id from pending_keywords limit ${limit}) pending`;
  return rows.map(({ ownerId }) => ownerId);
}

/** Words that an audience is still to get, with the texts to take them from. */
export async function claimPendingWords(
  sql: Sql,
  ownerIds: readonly string[],
  limit: number,
): Promise<PendingWords[]> {
  return sql<PendingWords[]>`
    select p.owner_id, p.memory_id, p.audience_id, m.content_version, m.language, t.sealed
    from pending_keywords p
    join memories m on m.owner_id = p.owner_id and m.id = p.memory_id
    join memory_texts t on t.owner_id = m.owner_id and t.memory_id = m.id and t.content_version = m.content_version
    where p.owner_id = any (${[...ownerIds]}::uuid[])
    limit ${limit} for update of p skip locked`;
}

export async function settlePendingWords(sql: Sql, readers: readonly Reader[]): Promise<void> {
  if (readers.length === 0) return;
  await sql`
    delete from pending_keywords p
    using unnest(${readers.map((each) => each.ownerId)}::uuid[], ${readers.map((each) => each.memoryId)}::uuid[],
      ${readers.map((each) => each.audienceId)}::uuid[]) as done (owner_id, memory_id, audience_id)
    where (p.owner_id, p.memory_id, p.audience_id) = (done.owner_id, done.memory_id, done.audience_id)`;
}
