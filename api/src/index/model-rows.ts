import type { Sql } from '../storage/database.ts';

export type ModelState = 'building' | 'active' | 'retired';

export interface ModelRow {
  id: number;
  key: string;
  dimensions: number;
  state: ModelState;
}

export async function listModels(sql: Sql): Promise<ModelRow[]> {
  return sql<ModelRow[]>`select id, key, dimensions, state from embedding_models order by id`;
}

/** One transaction at a time decides about models. */
export async function lockModels(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('embedding_models'))`;
}

export async function putModel(sql: Sql, key: string, dimensions: number, state: ModelState): Promise<void> {
  await sql`
    insert into embedding_models (key, dimensions, state) values (${key}, ${dimensions}, ${state})
    on conflict (key) do update set state = excluded.state`;
}

export async function setModelState(sql: Sql, id: number, state: ModelState): Promise<void> {
  await sql`update embedding_models set state = ${state} where id = ${id}`;
  if (state === 'retired') await sql`delete from pending_embeddings where model_id = ${id}`;
}
