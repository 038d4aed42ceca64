import type { Sql } from '../storage/database.ts';
import type { ConnectedApp } from './connected-app.ts';

const columns = (sql: Sql) => sql`client_id, name, paused_at, created_at, last_used_at`;

/** The name that its owner gave it stays. */
export async function insertConnectedApp(
  sql: Sql,
  ownerId: string,
  clientId: string,
  name: string,
): Promise<void> {
  await sql`
    insert into connected_apps (owner_id, client_id, name) values (${ownerId}, ${clientId}, ${name})
    on conflict (owner_id, client_id) do update set paused_at = null`;
}

/** The newest first. */
export async function listConnectedApps(
  sql: Sql,
  ownerId: string,
  after: { createdAt: Date; clientId: string } | null,
  limit: number,
): Promise<ConnectedApp[]> {
  return sql<ConnectedApp[]>`
    select ${columns(sql)} from connected_apps where owner_id = ${ownerId}
      ${after ? sql`and (created_at, client_id) < (${after.createdAt}, ${after.clientId})` : sql``}
    order by created_at desc, client_id desc limit ${limit}`;
}

export async function renameConnectedApp(
  sql: Sql,
  ownerId: string,
  clientId: string,
  name: string,
): Promise<ConnectedApp | null> {
  const [row] = await sql<ConnectedApp[]>`
    update connected_apps set name = ${name} where owner_id = ${ownerId} and client_id = ${clientId}
    returning ${columns(sql)}`;
  return row ?? null;
}

export async function pauseConnectedApp(
  sql: Sql,
  ownerId: string,
  clientId: string,
  paused: boolean,
): Promise<ConnectedApp | null> {
  const [row] = await sql<ConnectedApp[]>`
    update connected_apps set paused_at = ${paused ? sql`coalesce(paused_at, now())` : sql`null`}
    where owner_id = ${ownerId} and client_id = ${clientId} returning ${columns(sql)}`;
  return row ?? null;
}

export async function deleteConnectedApp(sql: Sql, ownerId: string, clientId: string): Promise<boolean> {
  return (
    (await sql`delete from connected_apps where owner_id = ${ownerId} and client_id = ${clientId}`).count > 0
  );
}

export async function touchConnectedApp(sql: Sql, ownerId: string, clientId: string): Promise<void> {
  await sql`
    update connected_apps set last_used_at = now() where owner_id = ${ownerId} and client_id = ${clientId}`;
}
