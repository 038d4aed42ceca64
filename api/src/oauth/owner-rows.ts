import type { Sql } from '../storage/database.ts';

/** A suspended account is to the authorization server as one that is gone. */
export async function ownerExists(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql<
    { found: boolean }[]
  >`select exists (select from users where id = ${id} and suspended_at is null) as found`;
  return row?.found ?? false;
}

export interface TokenStanding {
  ownerId: string;
  administrator: boolean;
  /** Null for an app that is not connected, or no longer. */
  app: { pausedAt: Date | null; lastUsedAt: Date | null } | null;
  revoked: boolean;
}

/**
 * What has become of a token's account, its app and itself since it was issued; null for an account that is gone
 * or suspended.
 */
export async function findStanding(
  sql: Sql,
  token: {
    owner: { id: string } | { handle: string };
    clientId: string;
    id: string;
    /** The token that it was exchanged for, if it was. */
    from: string | null;
    grantId: string | null;
  },
): Promise<TokenStanding | null> {
  const { owner, clientId, id, from, grantId } = token;
  const [row] = await sql<
    {
      ownerId: string;
      administrator: boolean;
      connected: boolean;
      pausedAt: Date | null;
      lastUsedAt: Date | null;
      revoked: boolean;
    }[]
  >`
    select u.id as owner_id, u.administrator, a.client_id is not null as connected, a.paused_at, a.last_used_at,
      exists (
        select from revoked_tokens where expires_at > now()
          and (kind, key) in (('token', ${id}), ('token', ${from ?? ''}), ('grant', ${grantId ?? ''}))
      ) or exists (select from disabled_clients d where d.client_id = ${clientId}) as revoked
    from users u left join connected_apps a on a.owner_id = u.id and a.client_id = ${clientId}
    where u.suspended_at is null and ${'id' in owner ? sql`u.id = ${owner.id}` : sql`u.handle = ${owner.handle}`}`;
  if (!row) return null;
  const { connected, pausedAt, lastUsedAt, ownerId, administrator, revoked } = row;
  return { ownerId, administrator, revoked, app: connected ? { pausedAt, lastUsedAt } : null };
}

/** Whether the API key that a token was exchanged for is still good. */
export async function keyIsAlive(sql: Sql, ownerId: string, keyId: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select from api_keys where owner_id = ${ownerId} and id = ${keyId} and (expires_at is null or expires_at > now())
    ) as found`;
  return row?.found ?? false;
}

export async function findOwnerByHandle(sql: Sql, handle: string): Promise<string | null> {
  const [row] = await sql<
    { id: string }[]
  >`select id from users where handle = ${handle} and suspended_at is null`;
  return row?.id ?? null;
}
