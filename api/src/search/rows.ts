import type { Fragment, Sql } from '../storage/database.ts';
import { toSqlVector } from '../storage/vector.ts';
import { eligibility, eligible, found } from './eligible-rows.ts';
import type { SearchRequest } from './request.ts';
import { wordArms } from './word-rows.ts';

export interface Hit {
  id: string;
  score: number;
  words: number;
  meaning: number;
  neighbours: number;
  thread: number;
  tokens: bigint[];
}

/**
 * The whole search in one statement: what the viewer may see and asked for, ranked by word and by meaning, each lent
 * weight by its neighbours and its thread. Only what may be found is ranked; the word statistics, of memories and of
 * threads, are those of the audience. docs/decisions/0005-search.md explains the steps and their cost.
 */
export async function searchRows(sql: Sql, request: SearchRequest): Promise<Hit[]> {
  const { ranking, after } = request;
  const full = (ranking.words + ranking.meaning) * (1 + 2 * ranking.neighbours) + ranking.thread;
  return sql<Hit[]>`
    with
    ${eligibility(sql, request)},
    ${wordArms(sql, request)},
    ${meaningArm(sql, request)},
    best as materialized (
      (select id from words order by score desc, id limit ${ranking.candidates})
      union (select id from nearest order by distance, id limit ${ranking.candidates})
    ),
    ${pool(sql, request)},
    meaning as materialized (
      select id, 1 - min(distance) as score from near where id in (select id from pool) group by id
    ),
    ends as materialized (
      select max(words.score) as best_words, max(meaning.score) as best_meaning,
        min(meaning.score) - ${LEAST_MEANING}::float8 as least_meaning
      from pool left join words using (id) left join meaning using (id)
    ),
    own as materialized (
      select pool.id, thread, position, words.tokens,
        ${ranking.words}::float8 * coalesce(words.score / nullif(best_words, 0), 0) as words,
        ${ranking.meaning}::float8
          * coalesce((meaning.score - least_meaning) / (best_meaning - least_meaning), 0) as meaning
      from pool cross join ends left join words using (id) left join meaning using (id)
    ),
    lent as materialized (
      select own.id, ${ranking.neighbours}::float8 * sum(lender.score) as score
      from own join (
        select thread, position + step.by as position, words + meaning as score
        from own cross join (values (-1), (1)) step (by) where ${ranking.neighbours}::float8 > 0
      ) lender using (thread, position)
      group by own.id
    ),
    weighed as (
      select own.id, own.words / ${full}::float8 as words, own.meaning / ${full}::float8 as meaning,
        coalesce(lent.score, 0) / ${full}::float8 as neighbours,
        ${ranking.thread}::float8
          * coalesce(threads.score / nullif((select max(score) from threads), 0), 0) / ${full}::float8 as thread,
        coalesce(own.tokens, '{}') as tokens
      from own left join lent using (id) left join threads using (thread)
    ),
    scored as (select *, words + meaning + neighbours + thread as score from weighed)
    select * from scored
    where score > 0 ${after ? sql`and (score < ${after.score} or (score = ${after.score} and id > ${after.id}))` : sql``}
    order by score desc, id
    limit ${request.limit}`;
}

/** Of the least similar candidate, so that it counts for something; and an only candidate counts whole. */
const LEAST_MEANING = 0.01;

/** Chunks looked at for each memory wanted: a long memory has several, of which one may be near. */
const CHUNKS_PER_MEMORY = 4;

/**
 * `near`: the distance of every chunk that may be found, by an exact scan; `nearest`: the memories of the nearest
 * chunks. The distance is fenced off, or the planner would carry whole vectors through the joins.
 */
function meaningArm(sql: Sql, request: SearchRequest): Fragment {
  const { viewerId, query, ranking } = request;
  if (!query || ranking.meaning === 0) {
    return sql`
      near as (select null::uuid as id, null::float8 as distance where false),
      nearest as (select id, distance from near)`;
  }
  return sql`
    near as materialized (
      select e.memory_id as id, e.embedding <=> ${toSqlVector(query.vector)}::halfvec as distance
      from memory_embeddings e
      where e.owner_id = ${viewerId} and e.model_id = ${query.modelId} and ${eligible(sql, sql`e.memory_id`, request)}
    ),
    nearest as materialized (
      select id, min(distance) as distance from (
        select id, distance from near order by distance, id limit ${ranking.candidates * CHUNKS_PER_MEMORY}
      ) chunks group by id
    )`;
}

/** `pool`: the best, and what stands directly beside them in their threads. */
function pool(sql: Sql, request: SearchRequest): Fragment {
  const chosen = sql`select m.id, m.thread, m.position from best join memories m on m.owner_id = ${request.viewerId} and m.id = best.id`;
  if (request.ranking.neighbours === 0) return sql`pool as materialized (${chosen})`;
  return sql`
    chosen as materialized (${chosen}),
    places as materialized (
      select distinct thread, position + step.by as position from chosen cross join (values (-1), (1)) step (by)
      where thread is not null and position is not null
    ),
    pool as materialized (
      select id, thread, position from chosen
      union
      select m.id, m.thread, m.position from places
      join memories m on m.owner_id = ${request.viewerId} and m.thread = places.thread and m.position = places.position
      where ${found(sql, request)}
    )`;
}
