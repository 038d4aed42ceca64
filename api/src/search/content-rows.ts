import { visibleTo } from '../sharing/visible.ts';
import type { Sql } from '../storage/database.ts';
import { fromSqlVector } from '../storage/vector.ts';
import type { QueryVector } from '../index/embeddings.ts';

/** More words than these only blur what a long memory is about. */
const MAX_WORDS = 48;

interface ContentRow {
  tokens: bigint[];
  modelId: number | null;
  /** The mean of the vectors of all chunks, as text. */
  centre: string | null;
}

/** What a memory is about: its most frequent keyed words, and its vector by the model, if it has one. */
export async function findContent(
  sql: Sql,
  viewerId: string,
  id: string,
  modelId: number | null,
): Promise<{ tokens: bigint[]; query: QueryVector | null } | null> {
  const [row] = await sql<ContentRow[]>`
    select ${modelId}::integer as model_id,
      coalesce((
        select (array_agg(token order by count desc, token))[1:${MAX_WORDS}]
        from memory_keywords k, unnest(k.tokens, k.counts) as word (token, count)
        where k.owner_id = m.owner_id and k.memory_id = m.id and k.audience_id = ${viewerId}), '{}') as tokens,
      (select avg(e.embedding::vector)::text from memory_embeddings e
        where e.owner_id = m.owner_id and e.memory_id = m.id and e.model_id = ${modelId}) as centre
    from memories m where m.id = ${id} and m.deleted_at is null and ${visibleTo(sql, viewerId)}`;
  if (!row) return null;
  const { tokens, centre } = row;
  if (row.modelId === null || centre === null) return { tokens, query: null };
  return {
    tokens,
    query: { modelId: row.modelId, vector: fromSqlVector(centre) },
  };
}
