import type { Sql } from '../storage/database.ts';
import { LONGEST_TOKEN_SECONDS } from './access-token-life.ts';

/**
 * Ends everything that the account is signed in with but its API keys: browser sessions, and what apps hold. Access
 * tokens that are out are refused by their grant.
 * @param exceptGrantId the one that asks, where it may go on.
 */
export async function endAllSessions(
  sql: Sql,
  accountId: string,
  exceptGrantId: string | null,
): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at)
    select distinct 'grant', grant_id, now() + make_interval(secs => ${LONGEST_TOKEN_SECONDS}) from oauth_models
    where account_id = ${accountId} and grant_id is not null and grant_id is distinct from ${exceptGrantId}
    on conflict (kind, key) do update set expires_at = excluded.expires_at`;
  const end = () => sql`
    delete from oauth_models
    where account_id = ${accountId} and (grant_id is null or grant_id is distinct from ${exceptGrantId})`;
  // What a request that we waited for has just put in is seen by the next statement only.
  while ((await end()).count > 0);
  await sql`delete from sessions where owner_id = ${accountId}`;
}
