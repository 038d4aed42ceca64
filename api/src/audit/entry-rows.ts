import type { Fragment, Sql } from '../storage/database.ts';
import type { Entry, EntryFilter } from './entry.ts';

const columns = (sql: Sql): Fragment => sql`
  c.seq::float8 as seq, a.at, a.id::text as act_id, a.act, a.credential, a.credential_id, a.face, a.operation,
  a.subjects, a.subject_count, a.details, named.account_id, named.actor_id, named.concerned_id`;

/** Accounts by their ids: entries name them by their logs. */
const named = (sql: Sql): Fragment => sql`
  cross join lateral (
    select (array_agg(account_id) filter (where log_id = c.log_id))[1] as account_id,
      (array_agg(account_id) filter (where log_id = a.actor))[1] as actor_id,
      (array_agg(account_id) filter (where log_id = a.concerned))[1] as concerned_id
    from accounts_of_logs(array[c.log_id, a.actor, a.concerned])) named`;

const fits = (sql: Sql, { acts, since, before }: EntryFilter): Fragment => sql`
  ${acts ? sql`and a.act = any (${[...acts]}::text[])` : sql``}
  ${since ? sql`and a.at >= ${since}` : sql``} ${before ? sql`and a.at < ${before}` : sql``}`;

/** What others who wrote at the same moment kept from its place in the viewer's log takes it. */
export async function settleOwnLog(sql: Sql): Promise<void> {
  await sql`select chain_own_acts()`;
}

/** Of one account's log, newest first. */
export async function listEntries(
  sql: Sql,
  accountId: string,
  filter: EntryFilter,
  after: number | null,
  limit: number,
): Promise<Entry[]> {
  return sql<Entry[]>`
    select ${columns(sql)} from (
      select c.* from audit_chain c join audit_acts a on a.id = c.act_id
      where c.log_id = (select log_id from audit_logs where owner_id = ${accountId})
        ${after === null ? sql`` : sql`and c.seq < ${after}`} ${fits(sql, filter)}
      order by c.seq desc limit ${limit}) c
    join audit_acts a on a.id = c.act_id ${named(sql)} order by c.seq desc`;
}

/**
 * Of one account's log, or of all, newest first: what stands in two is told once, as of the account it was about.
 * @param after the id of the act before
 */
export async function listAllEntries(
  sql: Sql,
  accountId: string | null,
  filter: EntryFilter,
  after: string | null,
  limit: number,
): Promise<Entry[]> {
  const log =
    accountId === null ? sql`a.logs[1]` : sql`(select log_id from audit_logs where owner_id = ${accountId})`;
  return sql<Entry[]>`
    select ${columns(sql)} from (
      select c.* from audit_acts a join audit_chain c on c.act_id = a.id and c.log_id = ${log}
      where true ${after === null ? sql`` : sql`and a.id < ${after}::bigint`} ${fits(sql, filter)}
      order by a.id desc limit ${limit}) c
    join audit_acts a on a.id = c.act_id ${named(sql)} order by a.id desc`;
}
