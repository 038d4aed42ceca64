-- The sign of each number of a vector, in the index that a search reads from end to end: a sixteenth of the bytes of the
-- vectors themselves, which are then compared only where the signs are near.
alter table memory_embeddings
  add column signs bit varying not null generated always as (binary_quantize(embedding)) stored,
  drop constraint memory_embeddings_pkey,
  add primary key (owner_id, model_id, memory_id, chunk) include (signs);

-- Threads are counted and joined by number, which costs less than by name.
alter table memories add column thread_key bigint generated always as (hashtextextended(thread, 0)) stored;
drop index memory_keywords_statistics;
alter table memory_keywords add column thread_key bigint;
update memory_keywords set thread_key = hashtextextended(thread, 0);
alter table memory_keywords drop column thread;
create index memory_keywords_statistics on memory_keywords (owner_id, audience_id, thread_key) include (length);

-- A function in PL/pgSQL keeps its plan; and a word at a time, each array is searched only for the word it holds.
drop function find_keywords;
create function find_keywords(asked bigint[])
  returns table (memory_id uuid, thread_key bigint, length integer, token bigint, frequency float8)
  language plpgsql stable security definer set search_path = public
as $$
#variable_conflict use_column
begin
  return query
    select k.memory_id, k.thread_key, k.length, word.token, k.counts[array_position(k.tokens, word.token)]::float8
    from unnest(asked) as word (token)
    join memory_keywords k on k.tokens @> array[word.token]
    where k.owner_id = picard_viewer_id() and k.audience_id = picard_viewer_id();
end $$;

grant create on schema public to picard_search;
alter function find_keywords owner to picard_search;
revoke create on schema public from picard_search;
revoke execute on function find_keywords from public;
grant execute on function find_keywords to picard_viewer;
