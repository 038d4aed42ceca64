import type { Sql } from '../storage/database.ts';
import type { Account } from './account.ts';
import { hashRecoveryCode } from './recovery-code.ts';

/** These and no others. */
export async function setRecoveryCodes(sql: Sql, ownerId: string, codes: readonly string[]): Promise<void> {
  await sql`delete from recovery_codes where owner_id = ${ownerId}`;
  const hashes = codes.map((code) => hashRecoveryCode(code).toString('hex'));
  await sql`
    insert into recovery_codes (owner_id, code_hash)
    select ${ownerId}, decode(hash, 'hex') from unnest(${hashes}::text[]) as hash`;
}

export async function countRecoveryCodes(sql: Sql, ownerId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from recovery_codes where owner_id = ${ownerId}`;
  return row?.count ?? 0;
}

/** Uses the code up, and answers whose it was. Of two who bring it at the same time one gets it. */
export async function takeRecoveryCode(sql: Sql, handle: string, codeHash: Buffer): Promise<Account | null> {
  const [row] = await sql<Account[]>`
    delete from recovery_codes c using users u
    where u.id = c.owner_id and u.handle = ${handle} and c.code_hash = ${codeHash}
    returning u.id, u.handle, u.display_name, u.about, u.administrator, u.created_at`;
  return row ?? null;
}
