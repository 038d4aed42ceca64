import type { Sql } from '../storage/database.ts';

/**
 * The administrators who are not suspended. Until this transaction ends nobody removes one of them, and whoever writes for this account has
 * either written or waits and finds no account.
 */
export async function lockForDeletion(sql: Sql, accountId: string): Promise<string[]> {
  // Before any row, as all who share, and the job that keys words for them.
  await sql`select lock_sharing_alone(${accountId})`;
  const rows = await sql<{ id: string; administrator: boolean }[]>`
    select id, administrator and suspended_at is null as administrator from users
    where administrator or id = ${accountId} order by id for update`;
  return rows.filter(({ administrator }) => administrator).map(({ id }) => id);
}

/** With its data key and every row that belongs to it; every process hears of it. */
export async function deleteAccount(sql: Sql, accountId: string, channel: string): Promise<void> {
  // Many memories take longer than a request may; a deletion that is begun shall end.
  await sql`set local statement_timeout = '10min'`;
  // At once, for the count of what goes is written with each statement that removes some.
  await sql`delete from memory_keywords where owner_id = ${accountId}`;
  await sql`delete from users where id = ${accountId}`;
  // What a job was just adding up is seen by the next statement only.
  while ((await sql`delete from word_statistics where owner_id = ${accountId}`).count > 0);
  await sql`select pg_notify(${channel}, ${accountId})`;
}
