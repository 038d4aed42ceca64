import type { Sql } from '../storage/database.ts';

export async function isDisabled(sql: Sql, clientId: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from disabled_clients where client_id = ${clientId}) as found`;
  return row?.found ?? false;
}
