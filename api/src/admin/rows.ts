import type { Sql } from '../storage/database.ts';

interface WrappedKey {
  ownerId: string;
  masterKeyVersion: number;
  wrapped: Buffer;
}

/** Wraps up to `limit` data keys that are not under this master key yet; answers how many. */
export async function rewrapSome(
  sql: Sql,
  version: number,
  limit: number,
  rewrap: (row: WrappedKey) => Buffer,
): Promise<number> {
  const rows = await sql<WrappedKey[]>`
    select owner_id, master_key_version, wrapped from data_keys
    where master_key_version <> ${version} limit ${limit} for update`;
  for (const row of rows) {
    await sql`
      update data_keys set master_key_version = ${version}, wrapped = ${rewrap(row)} where owner_id = ${row.ownerId}`;
  }
  return rows.length;
}
