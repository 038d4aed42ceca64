import type { Sql } from '../storage/database.ts';
import { toSqlVector } from '../storage/vector.ts';

export interface EmbeddingRow {
  ownerId: string;
  memoryId: string;
  modelId: number;
  chunk: number;
  vector: Float32Array;
}

export async function replaceEmbeddings(sql: Sql, rows: readonly EmbeddingRow[]): Promise<void> {
  const columns = {
    owners: rows.map((row) => row.ownerId),
    memories: rows.map((row) => row.memoryId),
    models: rows.map((row) => row.modelId),
    chunks: rows.map((row) => row.chunk),
    vectors: rows.map((row) => toSqlVector(row.vector)),
  };
  await sql`
    delete from memory_embeddings e
    using unnest(${columns.owners}::uuid[], ${columns.memories}::uuid[], ${columns.models}::integer[])
      as fresh (owner_id, memory_id, model_id)
    where (e.owner_id, e.memory_id, e.model_id) = (fresh.owner_id, fresh.memory_id, fresh.model_id)`;
  await sql`
    insert into memory_embeddings (owner_id, memory_id, model_id, chunk, embedding)
    select owner_id, memory_id, model_id, chunk, embedding::halfvec
    from unnest(${columns.owners}::uuid[], ${columns.memories}::uuid[], ${columns.models}::integer[],
      ${columns.chunks}::integer[], ${columns.vectors}::text[]) as row (owner_id, memory_id, model_id, chunk, embedding)`;
}

/** Vectors of a text that is no longer there must not find the memory. */
export async function deleteEmbeddings(
  sql: Sql,
  ownerId: string,
  memoryIds: readonly string[],
): Promise<void> {
  await sql`delete from memory_embeddings where owner_id = ${ownerId} and memory_id = any(${[...memoryIds]})`;
}

export async function filterEmbedded(
  sql: Sql,
  modelId: number,
  memoryIds: readonly string[],
): Promise<Set<string>> {
  const rows = await sql<{ memoryId: string }[]>`
    select distinct memory_id from memory_embeddings
    where model_id = ${modelId} and memory_id = any(${[...memoryIds]}::uuid[])`;
  return new Set(rows.map((row) => row.memoryId));
}
