import type { Sql } from '../storage/database.ts';
import type { ApiKey } from './api-key.ts';

export async function insertApiKey(sql: Sql, key: ApiKey, secretHash: Buffer): Promise<void> {
  const { id, ownerId, name, scopes, faces, createdAt, expiresAt } = key;
  await sql`
    insert into api_keys (owner_id, id, name, secret_hash, scopes, faces, created_at, expires_at)
    values (${ownerId}, ${id}, ${name}, ${secretHash}, ${scopes}, ${faces}, ${createdAt}, ${expiresAt})`;
}

const columns = (sql: Sql) => sql`id, owner_id, name, scopes, faces, created_at, expires_at, last_used_at`;

/** The account's keys, newest first, from behind the cursor. */
export async function listApiKeys(
  sql: Sql,
  ownerId: string,
  after: { createdAt: Date; id: string } | null,
  limit: number,
): Promise<ApiKey[]> {
  return sql<ApiKey[]>`
    select ${columns(sql)} from api_keys
    where owner_id = ${ownerId} ${after ? sql`and (created_at, id) < (${after.createdAt}, ${after.id})` : sql``}
    order by created_at desc, id desc limit ${limit}`;
}

export async function findApiKey(sql: Sql, ownerId: string, id: string): Promise<ApiKey | null> {
  const [row] = await sql<ApiKey[]>`
    select ${columns(sql)} from api_keys where owner_id = ${ownerId} and id = ${id}`;
  return row ?? null;
}

export async function updateApiKeySecret(
  sql: Sql,
  ownerId: string,
  id: string,
  secretHash: Buffer,
): Promise<void> {
  await sql`update api_keys set secret_hash = ${secretHash} where owner_id = ${ownerId} and id = ${id}`;
}

export async function deleteApiKey(sql: Sql, ownerId: string, id: string): Promise<boolean> {
  return (await sql`delete from api_keys where owner_id = ${ownerId} and id = ${id}`).count > 0;
}

/** The living key with this secret, and whether its owner is an administrator; none of a suspended account is taken. */
export async function findApiKeyBySecret(
  sql: Sql,
  secretHash: Buffer,
): Promise<(ApiKey & { administrator: boolean }) | null> {
  const [row] = await sql<(ApiKey & { administrator: boolean })[]>`
    select k.id, k.owner_id, k.name, k.scopes, k.faces, k.created_at, k.expires_at, k.last_used_at, u.administrator
    from api_keys k join users u on u.id = k.owner_id
    where k.secret_hash = ${secretHash} and u.suspended_at is null and (k.expires_at is null or k.expires_at > now())`;
  return row ?? null;
}

export async function touchApiKey(sql: Sql, key: ApiKey): Promise<void> {
  await sql`update api_keys set last_used_at = now() where owner_id = ${key.ownerId} and id = ${key.id}`;
}
