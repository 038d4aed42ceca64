import type { Sql } from '../storage/database.ts';

/** An access token lives an hour; clocks may differ by a minute on either side. */
const LONGEST_TOKEN = '62 minutes';

/** Refuses every access token of a grant from now on. */
export async function revokeGrantTokens(sql: Sql, grantId: string): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at) values ('grant', ${grantId}, now() + ${LONGEST_TOKEN}::interval)
    on conflict (kind, key) do update set expires_at = excluded.expires_at`;
}

/** Refuses one access token. */
export async function revokeToken(sql: Sql, id: string): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at) values ('token', ${id}, now() + ${LONGEST_TOKEN}::interval)
    on conflict (kind, key) do update set expires_at = excluded.expires_at`;
}

/** Ends a grant with all that came of it. */
export async function deleteGrant(sql: Sql, grantId: string): Promise<void> {
  await revokeGrantTokens(sql, grantId);
  await sql`delete from oauth_models where grant_id = ${grantId}`;
}

/** Which grants an app has of an account. */
export async function listGrants(sql: Sql, accountId: string, clientId: string): Promise<string[]> {
  const rows = await sql<{ grantId: string }[]>`
    select distinct grant_id from oauth_models
    where account_id = ${accountId} and client_id = ${clientId} and grant_id is not null order by grant_id`;
  return rows.map(({ grantId }) => grantId);
}
