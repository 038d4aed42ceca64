import { visibleTo } from '../sharing/visible.ts';
import type { Sql } from '../storage/database.ts';
import { fromSqlVector } from '../storage/vector.ts';
import type { QueryVector } from '../index/embeddings.ts';

/** The mean of a memory's vectors by the model; null while it has none. */
export async function findCentre(
  sql: Sql,
  viewerId: string,
  id: string,
  modelId: number | null,
): Promise<QueryVector | null> {
  if (modelId === null) return null;
  const [row] = await sql<{ centre: string | null }[]>`
    select (
      select avg(e.embedding::vector)::text from memory_embeddings e
      where e.owner_id = m.owner_id and e.memory_id = m.id and e.model_id = ${modelId}) as centre
    from memories m where m.id = ${id} and ${visibleTo(sql, viewerId)}`;
  return row?.centre ? { modelId, vector: fromSqlVector(row.centre) } : null;
}
