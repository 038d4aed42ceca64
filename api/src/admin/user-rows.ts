import type { Fragment, Sql } from '../storage/database.ts';
import type { ManagedUser, UserFilter } from './managed-user.ts';

const NEVER = "'-infinity'";

/** The counts are taken for the accounts of the page alone. */
const counted = (sql: Sql, accounts: Fragment): Fragment => sql`
  select u.id, u.handle, u.display_name, u.administrator, u.created_at, u.claimed_at is not null as claimed,
    u.suspended_at, u.last_sign_in_at, held.memories, held.bytes,
    (select count(*)::integer from group_members m where m.user_id = u.id) as groups,
    apps.count as apps, keys.count as api_keys, q.max_memories, q.max_megabytes,
    nullif(greatest(apps.used_at, keys.used_at, seen.seen_at, ${sql.unsafe(NEVER)}::timestamptz(3)),
      ${sql.unsafe(NEVER)}::timestamptz(3)) as last_active_at
  from (${accounts}) u left join quotas q on q.owner_id = u.id
  cross join lateral (
    select coalesce(sum(memories), 0)::float8 as memories, coalesce(sum(bytes), 0)::float8 as bytes
    from account_usage where owner_id = u.id) held
  cross join lateral (
    select count(*)::integer as count, max(last_used_at) as used_at from connected_apps where owner_id = u.id) apps
  cross join lateral (
    select count(*)::integer as count, max(last_used_at) as used_at from api_keys where owner_id = u.id) keys
  cross join lateral (select max(last_seen_at) as seen_at from sessions where owner_id = u.id) seen`;

const columns = (sql: Sql): Fragment =>
  sql`id, handle, display_name, administrator, created_at, claimed_at, suspended_at, last_sign_in_at`;

/** The newest first, from behind the place. */
export async function listManagedUsers(
  sql: Sql,
  { search, state, administrator }: UserFilter,
  after: { at: Date; id: string } | null,
  limit: number,
): Promise<ManagedUser[]> {
  return sql<ManagedUser[]>`
    ${counted(
      sql,
      sql`select ${columns(sql)} from users where true
        ${search ? sql`and position(${search} in handle) > 0` : sql``}
        ${state ? sql`and suspended_at is ${state === 'SUSPENDED' ? sql`not null` : sql`null`}` : sql``}
        ${typeof administrator === 'boolean' ? sql`and administrator = ${administrator}` : sql``}
        ${after ? sql`and (created_at, id) < (${after.at}, ${after.id})` : sql``}
        order by created_at desc, id desc limit ${limit}`,
    )} order by created_at desc, id desc`;
}

export async function findManagedUser(sql: Sql, id: string): Promise<ManagedUser | null> {
  const [row] = await sql<ManagedUser[]>`
    ${counted(sql, sql`select ${columns(sql)} from users where id = ${id}`)}`;
  return row ?? null;
}

/**
 * Until the transaction ends nobody else decides about this account or about who is an administrator. In the order of a
 * deletion; what the account is writing just now is waited for, and whoever signs it in is not.
 * @throws {NotAdministrator} where somebody else has just decided that the viewer is none any longer.
 */
export async function lockAccounts(sql: Sql, accountId: string): Promise<void> {
  await sql`select id from users where administrator or id = ${accountId} order by id for no key update`;
  await sql`select require_administrator()`;
}

/** How many there are who are not suspended. */
export async function countAdministrators(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from users where administrator and suspended_at is null`;
  return row?.count ?? 0;
}

export async function setAdministrator(sql: Sql, id: string, administrator: boolean): Promise<void> {
  await sql`update users set administrator = ${administrator} where id = ${id}`;
}

/** Every process hears of a suspension on the channel. What is set stays with its first time. */
export async function setSuspended(sql: Sql, id: string, channel: string): Promise<void> {
  await sql`update users set suspended_at = coalesce(suspended_at, now()) where id = ${id}`;
  await sql`select pg_notify(${channel}, ${id})`;
}

export async function endSuspension(sql: Sql, id: string): Promise<void> {
  await sql`update users set suspended_at = null where id = ${id}`;
}
