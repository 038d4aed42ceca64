import type { Sql } from '../storage/database.ts';

/** What acts leave no row of their own behind; all others are recorded by the tables they change. */
export async function recordSignIn(
  sql: Sql,
  accountId: string,
  means: 'password' | 'passkey' | 'recovery code',
  succeeded: boolean,
): Promise<void> {
  await sql`select record_sign_in(${accountId}, ${succeeded}, ${means})`;
}

/** In a viewer's transaction. */
export async function recordExport(sql: Sql): Promise<void> {
  await sql`select record_own_act('EXPORT_BEGUN')`;
}

/** In a job's transaction. */
export async function recordMasterKeyRotation(sql: Sql, version: number): Promise<void> {
  await sql`select record_server_act('MASTER_KEY_ROTATED', ${sql.json({ version })}::json)`;
}
