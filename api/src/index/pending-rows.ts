import type { Sql } from '../storage/database.ts';

export interface PendingEmbedding {
  ownerId: string;
  memoryId: string;
  modelId: number;
  contentVersion: number;
  attempts: number;
}

/** Asks for the vectors of memories that were just written, by every model in use; replaces an older wish. */
export async function requestEmbeddings(
  sql: Sql,
  memories: readonly { ownerId: string; memoryId: string; contentVersion: number }[],
): Promise<void> {
  const json = memories.map((each) => ({
    owner_id: each.ownerId,
    memory_id: each.memoryId,
    content_version: each.contentVersion,
  }));
  await sql`
    insert into pending_embeddings (owner_id, memory_id, model_id, content_version)
    select owner_id, memory_id, embedding_models.id, content_version
    from jsonb_to_recordset(${sql.json(json)}) as row (owner_id uuid, memory_id uuid, content_version integer)
    cross join embedding_models where state in ('building', 'active')
    on conflict (owner_id, memory_id, model_id) do update
    set content_version = excluded.content_version, attempts = 0, run_after = now()`;
}

/** Asks for every memory that the model has no vectors of. */
export async function requestMissingEmbeddings(sql: Sql, modelId: number): Promise<void> {
  await sql`
    insert into pending_embeddings (owner_id, memory_id, model_id, content_version)
    select m.owner_id, m.id, ${modelId}, m.content_version from memories m
    where not exists (
      select from memory_embeddings e where e.owner_id = m.owner_id and e.memory_id = m.id and e.model_id = ${modelId})
    on conflict do nothing`;
}

/** Takes up to `limit` wishes for `leaseSeconds`; a process that dies leaves them to be taken again after that. */
export async function claimPending(
  sql: Sql,
  modelIds: readonly number[],
  limit: number,
  leaseSeconds: number,
): Promise<PendingEmbedding[]> {
  return sql<PendingEmbedding[]>`
    update pending_embeddings p
    set attempts = p.attempts + 1, run_after = now() + make_interval(secs => ${leaseSeconds})
    from (
      select owner_id, memory_id, model_id from pending_embeddings
      where run_after <= now() and model_id = any(${[...modelIds]})
      order by run_after limit ${limit} for update skip locked
    ) due
    where (p.owner_id, p.memory_id, p.model_id) = (due.owner_id, due.memory_id, due.model_id)
    returning p.owner_id, p.memory_id, p.model_id, p.content_version, p.attempts`;
}

export async function readSealedTexts(
  sql: Sql,
  pending: readonly PendingEmbedding[],
): Promise<{ ownerId: string; memoryId: string; contentVersion: number; sealed: Buffer }[]> {
  const [owners, memories, versions] = [
    pending.map((each) => each.ownerId),
    pending.map((each) => each.memoryId),
    pending.map((each) => each.contentVersion),
  ];
  return sql`
    select t.owner_id, t.memory_id, t.content_version, t.sealed from memory_texts t
    join unnest(${owners}::uuid[], ${memories}::uuid[], ${versions}::integer[]) as want (owner_id, memory_id, content_version)
      using (owner_id, memory_id, content_version)`;
}

/** Removes the wishes that still ask for the content that was embedded, and answers which those are. */
export async function settlePending(
  sql: Sql,
  done: readonly PendingEmbedding[],
): Promise<PendingEmbedding[]> {
  const [owners, memories, models, versions] = [
    done.map((each) => each.ownerId),
    done.map((each) => each.memoryId),
    done.map((each) => each.modelId),
    done.map((each) => each.contentVersion),
  ];
  return sql<PendingEmbedding[]>`
    delete from pending_embeddings p
    using unnest(${owners}::uuid[], ${memories}::uuid[], ${models}::integer[], ${versions}::integer[])
      as done (owner_id, memory_id, model_id, content_version)
    where (p.owner_id, p.memory_id, p.model_id, p.content_version) =
      (done.owner_id, done.memory_id, done.model_id, done.content_version)
    returning p.owner_id, p.memory_id, p.model_id, p.content_version, p.attempts`;
}

/** Puts a wish off after a failure. */
export async function postponePending(sql: Sql, pending: PendingEmbedding, seconds: number): Promise<void> {
  await sql`
    update pending_embeddings set run_after = now() + make_interval(secs => ${seconds})
    where owner_id = ${pending.ownerId} and memory_id = ${pending.memoryId} and model_id = ${pending.modelId}
      and content_version = ${pending.contentVersion}`;
}

/** Asks no more for what the model refuses, until the text changes or the only process starts anew. */
export async function giveUpPending(sql: Sql, pending: PendingEmbedding): Promise<void> {
  await sql`
    update pending_embeddings set run_after = 'infinity'
    where owner_id = ${pending.ownerId} and memory_id = ${pending.memoryId} and model_id = ${pending.modelId}
      and content_version = ${pending.contentVersion}`;
}

/** After a clean start of the only process, nobody else holds a lease. */
export async function releasePending(sql: Sql): Promise<void> {
  await sql`update pending_embeddings set run_after = now() where run_after > now()`;
}

export async function countPending(sql: Sql, ownerId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(distinct memory_id)::integer as count from pending_embeddings where owner_id = ${ownerId}`;
  return row?.count ?? 0;
}

/** Whether the model still has work before it; what it refuses is not counted. */
export async function anyPending(sql: Sql, modelId: number): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select from pending_embeddings where model_id = ${modelId} and run_after < 'infinity') as found`;
  return row?.found ?? false;
}
