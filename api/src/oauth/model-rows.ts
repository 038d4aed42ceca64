import type { Sql } from '../storage/database.ts';

export interface ModelRow {
  idHash: Buffer;
  sealed: Buffer;
  grantId: string | null;
  consumedAt: Date | null;
}

export interface NewModelRow {
  model: string;
  idHash: Buffer;
  sealed: Buffer;
  grantId: string | null;
  userCodeHash: Buffer | null;
  uidHash: Buffer | null;
  accountId: string | null;
  clientId: string | null;
  replaces: Buffer | null;
  /** Seconds; null for what does not expire. */
  expiresIn: number | null;
}

const columns = (sql: Sql) => sql`id_hash, sealed, grant_id, consumed_at`;

export async function upsertModel(sql: Sql, row: NewModelRow): Promise<void> {
  await sql`
    insert into oauth_models
      (model, id_hash, sealed, grant_id, user_code_hash, uid_hash, account_id, client_id, replaces, expires_at)
    values (${row.model}, ${row.idHash}, ${row.sealed}, ${row.grantId}, ${row.userCodeHash}, ${row.uidHash},
      ${row.accountId}, ${row.clientId}, ${row.replaces}, ${expiry(sql, row)})
    on conflict (model, id_hash) do update set sealed = excluded.sealed, grant_id = excluded.grant_id,
      user_code_hash = excluded.user_code_hash, uid_hash = excluded.uid_hash, account_id = excluded.account_id,
      client_id = excluded.client_id, expires_at = excluded.expires_at`;
}

/** False if it was there before. */
export async function insertModelOnce(sql: Sql, row: NewModelRow): Promise<boolean> {
  const { count } = await sql`
    insert into oauth_models (model, id_hash, sealed, expires_at)
    values (${row.model}, ${row.idHash}, ${row.sealed}, ${expiry(sql, row)})
    on conflict (model, id_hash) do nothing`;
  return count > 0;
}

const expiry = (sql: Sql, { expiresIn }: NewModelRow) =>
  expiresIn === null ? sql`null` : sql`now() + make_interval(secs => ${expiresIn})`;

export async function findModel(sql: Sql, model: string, idHash: Buffer): Promise<ModelRow | null> {
  const [row] = await sql<ModelRow[]>`
    select ${columns(sql)} from oauth_models where model = ${model} and id_hash = ${idHash}`;
  return row ?? null;
}

export async function findModelByUid(sql: Sql, model: string, uidHash: Buffer): Promise<ModelRow | null> {
  const [row] = await sql<ModelRow[]>`
    select ${columns(sql)} from oauth_models where model = ${model} and uid_hash = ${uidHash}
    order by created_at desc limit 1`;
  return row ?? null;
}

export async function findModelByUserCode(sql: Sql, model: string, hash: Buffer): Promise<ModelRow | null> {
  const [row] = await sql<ModelRow[]>`
    select ${columns(sql)} from oauth_models where model = ${model} and user_code_hash = ${hash}`;
  return row ?? null;
}

export async function deleteModel(sql: Sql, model: string, idHash: Buffer): Promise<void> {
  await sql`delete from oauth_models where model = ${model} and id_hash = ${idHash}`;
}

export async function deleteModelsOfGrant(sql: Sql, model: string, grantId: string): Promise<void> {
  await sql`delete from oauth_models where model = ${model} and grant_id = ${grantId}`;
}

/** The first time that somebody allows an app something: from then on it is not swept as one that was never used. */
export async function markClientUsed(sql: Sql, clientIdHash: Buffer): Promise<void> {
  await sql`
    update oauth_models set consumed_at = now()
    where model = 'Client' and id_hash = ${clientIdHash} and consumed_at is null`;
}
