import type { Fragment, Sql } from '../storage/database.ts';
import { toSqlVector } from '../storage/vector.ts';
import { joinText, memoryColumns, type MemoryRow } from '../memories/rows.ts';
import { letIn, visibleTo } from '../sharing/visible.ts';
import { eligibility, eligible, eligibleOfOthers, found } from './eligible-rows.ts';
import type { SearchRequest } from './request.ts';
import { wordArms } from './word-rows.ts';

/** What a memory was found by: the score, and its parts. */
export interface Found {
  score: number;
  byWords: number;
  byMeaning: number;
  byNeighbours: number;
  byThread: number;
  /** Which words of the query it holds, by their place there. */
  stems: number[];
}

/**
 * The whole search in one statement: what the viewer may see and asked for, ranked by word and by meaning, each lent
 * weight by its neighbours and its thread. Only what may be found is ranked; the word statistics, of memories and of
 * threads, are those of the audience. docs/decisions/0005-search.md explains the steps and their cost.
 */
export async function searchRows(sql: Sql, request: SearchRequest): Promise<(MemoryRow & Found)[]> {
  const { ranking, after } = request;
  const full = (ranking.words + ranking.meaning) * (1 + 2 * ranking.neighbours) + ranking.thread;
  return sql<(MemoryRow & Found)[]>`
    with
    ${eligibility(sql, request)},
    ${wordArms(sql, request)},
    ${meaningArm(sql, request)},
    best as materialized (
      (select owner_id, id from words order by score desc, id limit ${ranking.candidates})
      union (select owner_id, id from nearest order by distance, id limit ${ranking.candidates})
    ),
    ${pool(sql, request)},
    ${meaning(sql, request)},
    ends as materialized (
      select max(words.score) as best_words, max(meaning.score) as best_meaning,
        min(meaning.score) - ${LEAST_MEANING}::float8 as least_meaning
      from pool left join words using (id) left join meaning using (id)
    ),
    own as materialized (
      select pool.owner_id, pool.id, thread_key, position,
        ${ranking.words}::float8 * coalesce(words.score / nullif(best_words, 0), 0) as words,
        ${ranking.meaning}::float8
          * coalesce((meaning.score - least_meaning) / (best_meaning - least_meaning), 0) as meaning
      from pool cross join ends left join words using (id) left join meaning using (id)
    ),
    lent as materialized (
      select own.id, ${ranking.neighbours}::float8 * sum(lender.score) as score
      from own join (
        select thread_key, position + step.by as position, words + meaning as score
        from own cross join (values (-1), (1)) step (by) where ${ranking.neighbours}::float8 > 0
      ) lender using (thread_key, position)
      group by own.id
    ),
    weighed as (
      select own.owner_id, own.id, own.words / ${full}::float8 as by_words, own.meaning / ${full}::float8 as by_meaning,
        coalesce(lent.score, 0) / ${full}::float8 as by_neighbours,
        ${ranking.thread}::float8
          * coalesce(threads.score / nullif((select max(score) from threads), 0), 0) / ${full}::float8 as by_thread
      from own left join lent using (id) left join threads using (thread_key)
    ),
    scored as (select *, by_words + by_meaning + by_neighbours + by_thread as score from weighed),
    ranked as materialized (
      select * from scored
      where score > 0 ${after ? sql`and (score < ${after.score} or (score = ${after.score} and id > ${after.id}))` : sql``}
      order by score desc, id
      limit ${request.limit}
    ),
    holding as (
      select memory_id as id, array_agg(stem order by stem) as stems from ranked join found on memory_id = id group by memory_id
    )
    select ${memoryColumns(sql)}, score, by_words, by_meaning, by_neighbours, by_thread, coalesce(stems, '{}') as stems
    from ranked join memories m on m.owner_id = ranked.owner_id and m.id = ranked.id ${joinText(sql)}
    left join holding on holding.id = ranked.id
    order by score desc, m.id`;
}

/** Of the least similar candidate, so that it counts for something; and an only candidate counts whole. */
const LEAST_MEANING = 0.01;

/** Chunks compared number by number: those that are nearest by the signs of their vectors (docs/decisions/0005-search.md). */
const CHUNKS_COMPARED = 400;
/** Few memories are open to somebody by more ways than these at once. */
const MOST_WAYS = 4;

/** `nearest`: the memories of the nearest chunks, among the viewer's own and among what others let them see. */
function meaningArm(sql: Sql, request: SearchRequest): Fragment {
  const { query, ranking } = request;
  if (!query || ranking.meaning === 0)
    return sql`nearest as (select null::uuid as owner_id, null::uuid as id, null::float8 as distance where false)`;
  return sql`
    asked as materialized (select ${toSqlVector(query.vector)}::halfvec as vector),
    alike as materialized (${nearestBySigns(sql, request)}),
    near as materialized (
      select owner_id, memory_id as id, e.embedding <=> (select vector from asked) as distance
      from alike join memory_embeddings e using (owner_id, memory_id, chunk)
      where e.model_id = ${query.modelId}
    ),
    nearest as materialized (select owner_id, id, min(distance) as distance from near group by owner_id, id)`;
}

function nearestBySigns(sql: Sql, request: SearchRequest): Fragment {
  const { viewerId, query, audiences } = request;
  const differing = (signs: Fragment) => sql`${signs} <~> (select binary_quantize(vector) from asked)`;
  const own = sql`
    select e.owner_id, e.memory_id, e.chunk, ${differing(sql`e.signs`)} as differing from memory_embeddings e
    where e.owner_id = ${viewerId} and e.model_id = ${query?.modelId ?? null} and ${eligible(sql, sql`e.memory_id`, request)}
    order by differing limit ${CHUNKS_COMPARED}`;
  if (audiences === 0) return own;
  // What is open to several of them stands there as often.
  return sql`
    select owner_id, memory_id, chunk, min(differing) as differing from (
      (${own}) union all (
        select s.owner_id, s.memory_id, s.chunk, ${differing(sql`s.signs`)} as differing from audience_signs s
        where ${letIn(sql, 's')} and s.model_id = ${query?.modelId ?? null} and s.owner_id <> ${viewerId}
          and ${eligibleOfOthers(sql, sql`s.memory_id`, request)}
        order by differing limit ${Math.min(audiences, MOST_WAYS) * CHUNKS_COMPARED}
      )
    ) either
    group by owner_id, memory_id, chunk order by differing limit ${CHUNKS_COMPARED}`;
}

/** `meaning`: how near each of the pool is. */
function meaning(sql: Sql, { query, ranking }: SearchRequest): Fragment {
  if (!query || ranking.meaning === 0)
    return sql`meaning as (select null::uuid as id, null::float8 as score where false)`;
  return sql`
    meaning as materialized (
      select e.memory_id as id, 1 - min(e.embedding <=> (select vector from asked)) as score
      from pool join memory_embeddings e on e.owner_id = pool.owner_id and e.memory_id = pool.id
      where e.model_id = ${query.modelId}
      group by e.memory_id
    )`;
}

/** `pool`: the best, and what stands directly beside them in their threads. */
function pool(sql: Sql, request: SearchRequest): Fragment {
  const { viewerId, ranking, audiences } = request;
  const alone = audiences === 0;
  // `offset 0` keeps the planner from joining them in one: it would expect a single row, and loop over everything after it.
  const chosen = sql`
    select m.* from best cross join lateral (
      select m.owner_id, m.id, m.thread, m.thread_key, m.position from memories m
      where m.owner_id = best.owner_id and m.id = best.id and ${visibleTo(sql, viewerId, alone)} offset 0) m`;
  if (ranking.neighbours === 0) return sql`pool as materialized (${chosen})`;
  return sql`
    chosen as materialized (${chosen}),
    places as materialized (
      select distinct owner_id, thread, position + step.by as position
      from chosen cross join (values (-1), (1)) step (by)
      where thread is not null and position is not null
    ),
    pool as materialized (
      select owner_id, id, thread_key, position from chosen
      union
      select m.* from places cross join lateral (
        select m.owner_id, m.id, m.thread_key, m.position from memories m
        where m.owner_id = places.owner_id and m.thread = places.thread and m.position = places.position
          and ${found(sql, request)} offset 0) m
    )`;
}
