import { visibleTo } from '../sharing/visible.ts';
import type { Fragment, Sql } from '../storage/database.ts';
import { toSqlVector } from './embedding-rows.ts';
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
 * weight by its neighbours and its thread. Nothing outside `visible` takes part in any step but the word statistics,
 * which are those of the audience.
 */
export async function searchRows(sql: Sql, request: SearchRequest): Promise<Hit[]> {
  const { viewerId, ranking, after } = request;
  const whole = ranking.words + ranking.meaning;
  const full = whole * (1 + 2 * ranking.neighbours) + ranking.thread;
  return sql<Hit[]>`
    with
    visible as materialized (
      select m.id, m.thread, m.position from memories m
      where ${visibleTo(sql, viewerId)} ${matching(sql, request.filter, request.filterTokens)}
      ${request.except ? sql`and m.id <> ${request.except}` : sql``}
    ),
    ${wordArms(sql, request)},
    meaning as materialized (${request.query ? meaning(sql, viewerId, request.query) : nothing(sql)}),
    best as (
      (select id from words order by score desc, id limit ${ranking.candidates})
      union (select id from meaning order by score desc, id limit ${ranking.candidates})
    ),
    pool as materialized (
      select id, thread, position from visible where id in (select id from best)
      ${ranking.neighbours > 0 ? sql`union ${besideTheBest(sql)}` : sql``}
    ),
    ends as (
      select max(words.score) as best_words, max(meaning.score) as best_meaning, min(meaning.score) as least_meaning
      from pool left join words using (id) left join meaning using (id)
    ),
    own as materialized (
      select pool.id, thread, position, words.tokens,
        ${ranking.words}::float8 * coalesce(words.score / nullif(best_words, 0), 0) as words,
        ${ranking.meaning}::float8
          * coalesce((meaning.score - least_meaning) / nullif(best_meaning - least_meaning, 0), 0) as meaning
      from pool cross join ends left join words using (id) left join meaning using (id)
    ),
    lent as (
      select own.id, ${ranking.neighbours}::float8 * sum(beside.words + beside.meaning) as score
      from own cross join (values (-1), (1)) step (by)
      join own beside on beside.thread = own.thread and beside.position = own.position + step.by
      where ${ranking.neighbours}::float8 > 0
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

const nothing = (sql: Sql): Fragment => sql`select null::uuid as id, null::float8 as score where false`;

/** The best similarity of any chunk of the memory, from an exact scan of the owner's vectors. */
function meaning(sql: Sql, viewerId: string, query: QueryVector): Fragment {
  return sql`
    select e.memory_id as id, 1 - min(e.embedding <=> ${toSqlVector(query.vector)}::text::halfvec) as score
    from memory_embeddings e join visible on visible.id = e.memory_id
    where e.owner_id = ${viewerId} and e.model_id = ${query.modelId}
    group by e.memory_id`;
}

function besideTheBest(sql: Sql): Fragment {
  return sql`
    select beside.id, beside.thread, beside.position
    from best join visible on visible.id = best.id cross join (values (-1), (1)) step (by)
    join visible beside on beside.thread = visible.thread and beside.position = visible.position + step.by`;
}

/** `words`: BM25 of each memory; `threads`: BM25 of each thread, taken as one long text. */
function wordArms(sql: Sql, { viewerId, tokens, ranking }: SearchRequest): Fragment {
  if (tokens.length === 0 || ranking.words === 0) {
    return sql`
      words as (select null::uuid as id, null::float8 as score, null::bigint[] as tokens where false),
      threads as (select null::text as thread, null::float8 as score where false)`;
  }
  const asked = tokens.map(String);
  return sql`
    corpus as materialized (
      select count(*)::float8 as documents, avg(length)::float8 as mean_length from memory_keywords
      where owner_id = ${viewerId} and audience_id = ${viewerId}
    ),
    found as materialized (
      select k.memory_id, k.length, asked.token,
        k.counts[array_position(k.tokens, asked.token)]::float8 as frequency,
        (count(*) over (partition by asked.token))::float8 as holders
      from memory_keywords k cross join unnest(${asked}::bigint[]) as asked (token)
      where k.owner_id = ${viewerId} and k.audience_id = ${viewerId}
        and k.tokens && ${asked}::bigint[] and asked.token = any(k.tokens)
    ),
    words as materialized (
      select memory_id as id, array_agg(token) as tokens, ${bm25(sql, sql`length`)} as score
      from found cross join corpus join visible on visible.id = found.memory_id
      group by memory_id
    ),
    ${ranking.thread > 0 ? threads(sql, viewerId) : sql`threads as (select null::text as thread, null::float8 as score where false)`}`;
}

function threads(sql: Sql, viewerId: string): Fragment {
  return sql`
    thread_lengths as materialized (
      select thread, sum(length)::float8 as length from visible
      join memory_keywords k on k.owner_id = ${viewerId} and k.audience_id = ${viewerId} and k.memory_id = visible.id
      where thread is not null group by thread
    ),
    thread_corpus as (select count(*)::float8 as documents, avg(length)::float8 as mean_length from thread_lengths),
    thread_found as (
      select thread, token, sum(frequency)::float8 as frequency,
        (count(*) over (partition by token))::float8 as holders
      from found join visible on visible.id = found.memory_id
      where thread is not null group by thread, token
    ),
    threads as materialized (
      select thread, ${bm25(sql, sql`length`)} as score
      from thread_found join thread_lengths using (thread) cross join thread_corpus
      group by thread
    )`;
}

/** Summed as whole billionths: the sum of fractions would depend on the order of rows, and with it the order of ties. */
function bm25(sql: Sql, length: Fragment): Fragment {
  const { k1, b } = BM25;
  return sql`
    (sum(round(1e9::float8 * ln(1 + (documents - holders + 0.5::float8) / (holders + 0.5::float8))
      * (frequency * ${k1 + 1}::float8)
      / (frequency + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * ${length} / mean_length)))::bigint) / 1e9)::float8`;
}
