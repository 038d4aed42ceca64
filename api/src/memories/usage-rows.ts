import type { Sql } from '../storage/database.ts';

/** What the viewer's account has still room for; null where there is no limit. */
export interface Room {
  memories: number | null;
  bytes: number | null;
}

/** Until the transaction ends nobody else writes for the account, where it has a limit. */
export async function lockRoom(sql: Sql): Promise<Room> {
  const [row] = await sql<Room[]>`
    select memories::float8 as memories, bytes::float8 as bytes from own_usage_room()`;
  return row ?? { memories: null, bytes: null };
}

export interface Usage {
  memories: number;
  bytes: number;
  /** Null where there is no limit. */
  maxMemories: number | null;
  maxMegabytes: number | null;
}

/** What the account holds, and what it may: its own number, else the server's. */
export async function readUsage(sql: Sql, ownerId: string): Promise<Usage> {
  const [row] = await sql<Usage[]>`
    select held.*, coalesce(own.max_memories, of_server.max_memories) as max_memories,
      coalesce(own.max_megabytes, of_server.max_megabytes) as max_megabytes
    from (
      select coalesce(sum(memories), 0)::float8 as memories, coalesce(sum(bytes), 0)::float8 as bytes
      from account_usage where owner_id = ${ownerId}) held
    left join quotas own on own.owner_id = ${ownerId} left join quotas of_server on of_server.owner_id is null`;
  return row ?? { memories: 0, bytes: 0, maxMemories: null, maxMegabytes: null };
}

/**
 * Adds up the changes of the accounts that have had the most since the last time; answers how many rows that took. Two at
 * once are harmless: what one has taken, the other no longer finds.
 */
export async function addUpUsage(sql: Sql, leastChanges: number, accounts: number): Promise<number> {
  const [row] = await sql<{ taken: number }[]>`
    with busy as (
      select owner_id from account_usage where not summed group by owner_id
      having count(*) >= ${leastChanges} order by count(*) desc limit ${accounts}
    ),
    taken as (
      delete from account_usage u using busy where u.owner_id = busy.owner_id returning u.*
    ),
    put as (
      insert into account_usage
      select owner_id, sum(memories), sum(bytes), true from taken group by owner_id
      having sum(memories) <> 0 or sum(bytes) <> 0
    )
    select count(*)::integer as taken from taken`;
  return row?.taken ?? 0;
}
