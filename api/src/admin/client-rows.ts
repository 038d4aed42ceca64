import { LONGEST_TOKEN_SECONDS } from '../accounts/access-token-life.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import type { ManagedClient } from './managed-client.ts';

const described = (sql: Sql, clients: Fragment): Fragment => sql`
  select c.client_id, d.disabled_at,
    (select created_at from oauth_models where client_id = c.client_id and model = 'Client' limit 1) as registered_at,
    (select count(*)::integer from oauth_models where client_id = c.client_id and model = 'Grant'
      and (expires_at is null or expires_at > now())) as grants,
    apps.users, apps.last_used_at
  from (${clients}) c left join disabled_clients d on d.client_id = c.client_id
  cross join lateral (
    select count(*)::integer as users, max(last_used_at) as last_used_at
    from connected_apps where client_id = c.client_id) apps`;

/** Registered, connected by somebody, or disabled. */
const known = (sql: Sql): Fragment => sql`
  select client_id from oauth_models where model = 'Client' and client_id is not null
  union select client_id from connected_apps union select client_id from disabled_clients`;

/** By their ids, from behind one. */
export async function listManagedClients(
  sql: Sql,
  after: string | null,
  limit: number,
): Promise<ManagedClient[]> {
  return sql<ManagedClient[]>`
    ${described(
      sql,
      sql`select client_id from (${known(sql)}) every
        where true ${after === null ? sql`` : sql`and client_id > ${after}`} order by client_id limit ${limit}`,
    )} order by c.client_id`;
}

export async function findManagedClient(sql: Sql, clientId: string): Promise<ManagedClient | null> {
  const [row] = await sql<ManagedClient[]>`
    ${described(sql, sql`select client_id from (${known(sql)}) every where client_id = ${clientId}`)}`;
  return row ?? null;
}

export async function insertDisabledClient(sql: Sql, clientId: string): Promise<void> {
  await sql`insert into disabled_clients (client_id) values (${clientId}) on conflict do nothing`;
}

export async function deleteDisabledClient(sql: Sql, clientId: string): Promise<void> {
  await sql`delete from disabled_clients where client_id = ${clientId}`;
}

/** Ends all that the app holds, of whichever account. Access tokens that are out are refused by their grant. */
export async function endClientTokens(sql: Sql, clientId: string): Promise<void> {
  await sql`
    insert into revoked_tokens (kind, key, expires_at)
    select distinct 'grant', grant_id, now() + make_interval(secs => ${LONGEST_TOKEN_SECONDS}) from oauth_models
    where client_id = ${clientId} and grant_id is not null
    on conflict (kind, key) do update set expires_at = excluded.expires_at`;
  const end = () => sql`
    delete from oauth_models
    where client_id = ${clientId} and model not in ('Client', 'RegistrationAccessToken')`;
  // What a request that we waited for has just put in is seen by the next statement only.
  while ((await end()).count > 0);
}
