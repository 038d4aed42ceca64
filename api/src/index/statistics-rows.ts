import type { Sql } from '../storage/database.ts';

/**
 * Adds up the counts of the audiences that have had the most changes since the last time; answers how many rows that
 * took. Two at once are harmless: what one has taken, the other no longer finds.
 */
export async function addUpStatistics(sql: Sql, leastChanges: number, audiences: number): Promise<number> {
  const [row] = await sql<{ taken: number }[]>`
    with busy as (
      select owner_id, audience_id from word_statistics where not summed group by owner_id, audience_id
      having count(*) >= ${leastChanges} order by count(*) desc limit ${audiences}
    ),
    taken as (
      delete from word_statistics s using busy
      where s.owner_id = busy.owner_id and s.audience_id = busy.audience_id
      returning s.*
    ),
    put as (
      insert into word_statistics
      select owner_id, audience_id, thread_key, sum(documents), sum(length), true from taken
      group by owner_id, audience_id, thread_key having sum(documents) <> 0
    )
    select count(*)::integer as taken from taken`;
  return row?.taken ?? 0;
}
