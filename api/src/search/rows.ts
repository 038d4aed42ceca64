import { visibleTo } from '../sharing/visible.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import { toSqlVector } from '../storage/vector.ts';
import type { QueryVector } from './embeddings.ts';
import { matching, type MemoryFilter } from './filter.ts';
import { BM25, type Ranking } from './ranking.ts';

export interface SearchRequest {
  viewerId: string;
  filter: MemoryFilter;
  filterTokens: readonly bigint[];
  /** Keyed words of the query; none leaves the words out. */
  tokens: readonly bigint[];
  /** None leaves the meaning out. */
  query: QueryVector | null;
  ranking: Ranking;
  /** A memory that is not to find itself. */
  except: string | null;
  after: { score: number; id: string } | null;
  limit: number;
}

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

/**
 * Which memories may be found, in the form that costs least: most searches have no filter, and then the few that are
 * hidden are quicker to know than the many that are not.
 */
function eligibility(sql: Sql, request: SearchRequest): Fragment {
  if (isFiltered(request))
    return sql`eligible as materialized (select m.id from memories m where ${found(sql, request)})`;
  return sql`
    hidden as materialized (
      select m.id from memories m
      where ${visibleTo(sql, request.viewerId)} and (m.deleted_at is not null or m.expires_at <= now())
    )`;
}

function isFiltered({ filter, except }: SearchRequest): boolean {
  return except !== null || Object.values(filter).some((value) => value !== null && value !== undefined);
}

/** Conditions on `memories m`. */
function found(sql: Sql, { viewerId, filter, filterTokens, except }: SearchRequest): Fragment {
  return sql`
    ${visibleTo(sql, viewerId)} ${matching(sql, filter, filterTokens)} ${except ? sql`and m.id <> ${except}` : sql``}`;
}

/** Whether the memory with this id may be found: the condition of every arm. */
function eligible(sql: Sql, id: Fragment, request: SearchRequest): Fragment {
  return isFiltered(request)
    ? sql`${id} in (select id from eligible)`
    : sql`${id} not in (select id from hidden)`;
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

/** `words`: BM25 of each memory; `threads`: BM25 of each thread, taken as one long text. */
function wordArms(sql: Sql, request: SearchRequest): Fragment {
  const { viewerId, tokens, ranking } = request;
  if (tokens.length === 0 || ranking.words === 0) {
    return sql`
      words as (select null::uuid as id, null::float8 as score, null::bigint[] as tokens where false),
      threads as (select null::text as thread, null::float8 as score where false)`;
  }
  const asked = tokens.map(String);
  return sql`
    lengths as materialized (
      select thread, count(*) as documents, sum(length)::float8 as length from memory_keywords
      where owner_id = ${viewerId} and audience_id = ${viewerId} group by thread
    ),
    corpus as materialized (
      select sum(documents)::float8 as documents, sum(length) / sum(documents)::float8 as mean_length from lengths
    ),
    found as materialized (
      select memory_id, thread, length, token, frequency, (count(*) over (partition by token))::float8 as holders
      from find_keywords(${asked}::bigint[])
    ),
    words as materialized (
      select memory_id as id, array_agg(token) as tokens, ${bm25(sql)} as score
      from found cross join corpus
      where ${eligible(sql, sql`memory_id`, request)}
      group by memory_id
    ),
    ${ranking.thread > 0 ? threads(sql) : sql`threads as (select null::text as thread, null::float8 as score where false)`}`;
}

function threads(sql: Sql): Fragment {
  return sql`
    thread_corpus as materialized (
      select count(*)::float8 as documents, avg(length)::float8 as mean_length from lengths where thread is not null
    ),
    thread_found as materialized (
      select thread, token, sum(frequency)::float8 as frequency,
        (count(*) over (partition by token))::float8 as holders
      from found where thread is not null group by thread, token
    ),
    threads as materialized (
      select thread, ${bm25(sql)} as score
      from (select thread, token, frequency, holders, lengths.length from thread_found join lengths using (thread)) found_in
      cross join thread_corpus
      group by thread
    )`;
}

/**
 * Of rows with `frequency`, `length`, `holders`, `documents` and `mean_length`. Summed as whole billionths: the sum of
 * fractions would depend on the order of rows, and with it the order of ties.
 */
function bm25(sql: Sql): Fragment {
  const { k1, b } = BM25;
  return sql`
    (sum(round(1e9::float8 * ln(1 + (documents - holders + 0.5::float8) / (holders + 0.5::float8))
      * (frequency * ${k1 + 1}::float8)
      / (frequency + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * length / mean_length)))::bigint) / 1e9)::float8`;
}
