import type { Sql } from '../storage/database.ts';

export interface WrappedKey {
  /** The account's id, or the name of a key of the server's own. */
  ownerId: string;
  masterKeyVersion: number;
  wrapped: Buffer;
}

/** Whether a data key is wrapped by an older master key than this. */
export async function anyWrappedBefore(sql: Sql, version: number): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from data_keys where master_key_version < ${version})
      or exists (select from server_keys where master_key_version < ${version}) as found`;
  return row?.found ?? false;
}

/** Wraps the server's own keys that are under an older master key; they are not counted among the accounts'. */
export async function rewrapServerKeys(
  sql: Sql,
  version: number,
  rewrap: (row: WrappedKey) => Buffer,
): Promise<void> {
  const rows = await sql<WrappedKey[]>`
    select name as owner_id, master_key_version, wrapped from server_keys
    where master_key_version < ${version} for update`;
  for (const row of rows) {
    await sql`
      update server_keys set master_key_version = ${version}, wrapped = ${rewrap(row)} where name = ${row.ownerId}`;
  }
}

/** Wraps up to `limit` data keys that are under an older master key; answers how many. */
export async function rewrapSome(
  sql: Sql,
  version: number,
  limit: number,
  rewrap: (row: WrappedKey) => Buffer,
): Promise<number> {
  const rows = await sql<WrappedKey[]>`
    select owner_id, master_key_version, wrapped from data_keys
    where master_key_version < ${version} limit ${limit} for update`;
  if (rows.length === 0) return 0;
  const wrapped = rows.map((row) => rewrap(row).toString('hex'));
  await sql`
    update data_keys set master_key_version = ${version}, wrapped = decode(fresh.wrapped, 'hex')
    from unnest(${rows.map((row) => row.ownerId)}::uuid[], ${wrapped}::text[]) as fresh (owner_id, wrapped)
    where data_keys.owner_id = fresh.owner_id`;
  return rows.length;
}
