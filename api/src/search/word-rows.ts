import type { Fragment, Sql } from '../storage/database.ts';
import { eligible } from './eligible-rows.ts';
import { BM25 } from './ranking.ts';
import type { SearchRequest } from './request.ts';

/** `words`: BM25 of each memory; `threads`: BM25 of each thread, taken as one long text. */
export function wordArms(sql: Sql, request: SearchRequest): Fragment {
  const { viewerId, words, ranking, audiences } = request;
  if (words.tokens.length === 0 || ranking.words === 0) {
    return sql`
      words as (
        select null::uuid as owner_id, null::uuid as id, null::float8 as score where false),
      found as (select null::uuid as memory_id, null::integer as stem where false),
      threads as (select null::bigint as thread_key, null::float8 as score where false)`;
  }
  const ofOthers = sql`
    union all
    select thread_key, documents::float8, length::float8 from word_statistics
    where owner_id <> ${viewerId} and audience_id = any ((select picard_audiences())::uuid[])`;
  return sql`
    lengths as materialized (
      select thread_key, sum(documents) as documents, sum(length) as length from (
        select thread_key, documents::float8, length::float8 from word_statistics
        where owner_id = ${viewerId} and audience_id = ${viewerId}
        ${audiences > 0 ? ofOthers : sql``}
      ) counted
      group by thread_key having sum(documents) > 0
    ),
    corpus as materialized (
      select sum(documents) as documents, sum(length) / sum(documents) as mean_length from lengths
    ),
    found as materialized (
      select owner_id, memory_id, thread_key, length, stem, frequency
      from find_keywords(${words.tokens.map(String)}::bigint[], ${[...words.stems]}::integer[])
    ),
    held as materialized (select stem, count(*)::float8 as holders from found group by stem),
    words as materialized (
      select owner_id, memory_id as id, ${bm25(sql)} as score
      from found join held using (stem) cross join corpus
      where ${eligible(sql, sql`memory_id`, request)}
      group by owner_id, memory_id
    ),
    ${ranking.thread > 0 ? threads(sql) : sql`threads as (select null::bigint as thread_key, null::float8 as score where false)`}`;
}

function threads(sql: Sql): Fragment {
  return sql`
    thread_corpus as materialized (
      select count(*)::float8 as documents, avg(length)::float8 as mean_length from lengths where thread_key is not null
    ),
    thread_found as materialized (
      select thread_key, stem, sum(frequency)::float8 as frequency,
        (count(*) over (partition by stem))::float8 as holders
      from found where thread_key is not null group by thread_key, stem
    ),
    threads as materialized (
      select thread_key, ${bm25(sql)} as score
      from (select thread_key, stem, frequency, holders, lengths.length from thread_found join lengths using (thread_key)) found_in
      cross join thread_corpus
      group by thread_key
    )`;
}

/**
 * Of rows with `frequency`, `length`, `holders`, `documents` and `mean_length`. Summed as whole billionths, which is exact: the
 * sum of fractions would depend on the order of rows, and with it the order of ties.
 */
function bm25(sql: Sql): Fragment {
  const { k1, b } = BM25;
  return sql`
    (sum(round(1e9::float8 * ln(1 + (documents - holders + 0.5::float8) / (holders + 0.5::float8))
      * (frequency * ${k1 + 1}::float8)
      / (frequency + ${k1}::float8 * (${1 - b}::float8 + ${b}::float8 * length / mean_length)))) / 1e9::float8)`;
}
