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

-- How many memories and words each thread of an audience holds, for a search would count every row otherwise. Changes are
-- added, never updated, so that writers of one account do not wait for each other; a job adds them up.
create table word_statistics (
  owner_id uuid not null,
  audience_id uuid not null,
  thread_key bigint,
  documents bigint not null,
  length bigint not null,
  -- False for a change that was not yet added to the rest.
  summed boolean not null default false
);
create index word_statistics_by_audience on word_statistics (owner_id, audience_id) include (thread_key, documents, length);
create index word_statistics_changes on word_statistics (owner_id, audience_id) where not summed;
insert into word_statistics
  select owner_id, audience_id, thread_key, count(*), sum(length), true from memory_keywords group by owner_id, audience_id, thread_key;

alter table word_statistics enable row level security;
alter table word_statistics force row level security;
create policy own_rows on word_statistics to picard_viewer using (owner_id = picard_viewer_id());
create policy jobs_rows on word_statistics to picard_jobs using (true);
create policy search_rows on word_statistics to picard_search using (true);
grant select on word_statistics to picard_viewer;
grant select, insert, delete on word_statistics to picard_jobs;
grant insert on word_statistics to picard_search;

create function add_word_statistics() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op <> 'INSERT' then
    insert into word_statistics
      select owner_id, audience_id, thread_key, -count(*), -sum(length) from before group by owner_id, audience_id, thread_key;
  end if;
  if tg_op <> 'DELETE' then
    insert into word_statistics
      select owner_id, audience_id, thread_key, count(*), sum(length) from after group by owner_id, audience_id, thread_key;
  end if;
  return null;
end $$;
create trigger word_statistics_insert after insert on memory_keywords
  referencing new table as after for each statement execute function add_word_statistics();
create trigger word_statistics_update after update on memory_keywords
  referencing old table as before new table as after for each statement execute function add_word_statistics();
create trigger word_statistics_delete after delete on memory_keywords
  referencing old table as before for each statement execute function add_word_statistics();

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
alter function add_word_statistics owner to picard_search;
alter function find_keywords owner to picard_search;
revoke create on schema public from picard_search;
revoke execute on function find_keywords from public;
grant execute on function find_keywords to picard_viewer;
