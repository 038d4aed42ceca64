import type { Sql } from '../storage/database.ts';

export async function findPasswordHash(sql: Sql, ownerId: string): Promise<string | null> {
  const [row] = await sql<{ hash: string }[]>`select hash from passwords where owner_id = ${ownerId}`;
  return row?.hash ?? null;
}

export async function setPassword(sql: Sql, ownerId: string, hash: string): Promise<void> {
  await sql`
    insert into passwords (owner_id, hash) values (${ownerId}, ${hash})
    on conflict (owner_id) do update set hash = excluded.hash, changed_at = now()`;
}

/** The same password, hashed anew; nothing if it was changed meanwhile. */
export async function replaceHash(sql: Sql, ownerId: string, old: string, hash: string): Promise<void> {
  await sql`update passwords set hash = ${hash} where owner_id = ${ownerId} and hash = ${old}`;
}
