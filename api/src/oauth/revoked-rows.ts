import { LONGEST_TOKEN_SECONDS } from '../accounts/access-token-life.ts';
import type { Sql } from '../storage/database.ts';

const untilAllEnded = (sql: Sql) => sql`now() + make_interval(secs => ${LONGEST_TOKEN_SECONDS})`;

/** Refuses every access token of a grant from now on. */
export async function revokeGrantTokens(sql: Sql, grantId: string): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at) values ('grant', ${grantId}, ${untilAllEnded(sql)})
    on conflict (kind, key) do update set expires_at = excluded.expires_at`;
}

/** Refuses one access token. */
export async function revokeToken(sql: Sql, id: string): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at) values ('token', ${id}, ${untilAllEnded(sql)})
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
