import type { Sql } from '../storage/database.ts';

/** Null where there is no number: for an account the server's holds then, for the server none. */
export interface Quota {
  maxMemories: number | null;
  maxMegabytes: number | null;
}

/** @param ownerId null for the server's. */
export async function findQuota(sql: Sql, ownerId: string | null): Promise<Quota> {
  const [row] = await sql<Quota[]>`
    select max_memories, max_megabytes from quotas where owner_id is not distinct from ${ownerId}::uuid`;
  return row ?? { maxMemories: null, maxMegabytes: null };
}

export async function putQuota(sql: Sql, ownerId: string | null, quota: Quota): Promise<void> {
  await sql`
    insert into quotas (owner_id, max_memories, max_megabytes)
    values (${ownerId}, ${quota.maxMemories}, ${quota.maxMegabytes})
    on conflict (owner_id) do update
      set max_memories = excluded.max_memories, max_megabytes = excluded.max_megabytes`;
}

/** Until the transaction ends nobody else changes a quota. */
export async function lockQuotas(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('quotas'))`;
}
