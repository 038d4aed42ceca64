import type { Sql } from '../storage/database.ts';
import type { Account } from './account.ts';

const accountColumns = (sql: Sql) =>
  sql`users.id, users.handle, users.display_name, users.about, users.administrator, users.created_at`;

/** @param claimedAt null for an account that was made for somebody who has not seen it yet. */
export async function insertAccount(sql: Sql, account: Account, claimedAt: Date | null): Promise<void> {
  const { id, handle, displayName, about, administrator, createdAt } = account;
  await sql`
    insert into users (id, handle, display_name, about, administrator, claimed_at, created_at)
    values (${id}, ${handle}, ${displayName}, ${about}, ${administrator}, ${claimedAt}, ${createdAt})`;
}

export async function findAccount(sql: Sql, id: string): Promise<Account | null> {
  const [row] = await sql<Account[]>`
    select ${accountColumns(sql)} from users where id = ${id}`;
  return row ?? null;
}

export async function findAccounts(sql: Sql, ids: readonly string[]): Promise<Account[]> {
  return sql<Account[]>`
    select ${accountColumns(sql)} from users where id = any (${[...ids]}::uuid[])`;
}

export async function isSuspended(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql<{ suspended: boolean }[]>`
    select suspended_at is not null as suspended from users where id = ${id}`;
  return row?.suspended ?? false;
}

export async function anyAccount(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select exists (select from users) as found`;
  return row?.found ?? false;
}

/** With the hash of its password, if it has one. */
export async function findAccountByHandle(
  sql: Sql,
  handle: string,
): Promise<{ account: Account; passwordHash: string | null } | null> {
  const [row] = await sql<(Account & { passwordHash: string | null })[]>`
    select ${accountColumns(sql)}, p.hash as password_hash
    from users left join passwords p on p.owner_id = users.id where users.handle = ${handle}`;
  if (!row) return null;
  const { passwordHash, ...account } = row;
  return { account, passwordHash };
}

/** The administrator that the first start made, as long as nobody has claimed it. */
export async function findUnclaimedFirstAccount(sql: Sql): Promise<Account | null> {
  const [row] = await sql<(Account & { claimedAt: Date | null })[]>`
    select ${accountColumns(sql)}, users.claimed_at from users where administrator order by created_at, id limit 1`;
  return row && row.claimedAt === null ? row : null;
}

export async function isClaimed(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql<{ claimed: boolean }[]>`
    select claimed_at is not null as claimed from users where id = ${id}`;
  return row?.claimed ?? false;
}

export async function updateProfile(
  sql: Sql,
  { id, handle, displayName, about }: Pick<Account, 'id' | 'handle' | 'displayName' | 'about'>,
): Promise<void> {
  await sql`
    update users set handle = ${handle}, display_name = ${displayName}, about = ${about} where id = ${id}`;
}

/** The account becomes the one that its owner says it is. */
export async function claimAccount(
  sql: Sql,
  { id, handle, displayName }: Pick<Account, 'id' | 'handle' | 'displayName'>,
): Promise<void> {
  await sql`
    update users set handle = ${handle}, display_name = ${displayName}, claimed_at = now() where id = ${id}`;
}
