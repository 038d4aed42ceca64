-- Policies call these several times in a statement. A session plans what PL/pgSQL runs once, and what an SQL function runs
-- in each statement anew, which took five times as long as to run it.
create or replace function picard_audiences() returns uuid[]
  language plpgsql stable parallel safe security definer set search_path = public as $$
declare
  viewer uuid := picard_viewer_id();
begin
  if viewer is null then return '{}'; end if;
  return array[viewer, picard_everyone()] || array(select group_id from group_members where user_id = viewer);
end $$;

-- The viewer is none of these, suspended or not: they see their own rows as long as they may ask at all. So the policies
-- below need not ask for the viewer in each of a hundred thousand rows.
create or replace function suspended_accounts() returns uuid[]
  language plpgsql stable parallel safe security definer set search_path = public as $$
begin
  return array(select id from users where suspended_at is not null and id is distinct from picard_viewer_id());
end $$;

do $$
declare
  table_name text;
begin
  foreach table_name in array array[
    'memory_audiences', 'shared_memories', 'memory_keywords', 'audience_signs', 'word_statistics'
  ] loop
    execute format('alter policy of_active_owners on %I using (owner_id <> all ((select suspended_accounts())::uuid[]))', table_name);
  end loop;
end $$;

-- The newest of what an audience sees, without a look at the rest.
create index shared_memories_newest on shared_memories (audience_id, created_at, id);

-- A token is of one word and one audience, so what has it is almost all that is asked for: `offset 0` lets the index of words
-- answer, where the planner may prefer to read the whole primary key for the audiences. The plan is the same for whatever is
-- asked, and was made anew in each search.
create or replace function find_keywords(asked bigint[], stems integer[])
  returns table (owner_id uuid, memory_id uuid, thread_key bigint, length integer, stem integer, frequency float8)
  language plpgsql stable security definer set search_path = public set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
  viewer uuid := picard_viewer_id();
  audiences uuid[] := picard_audiences();
  suspended uuid[] := suspended_accounts();
begin
  return query
    select k.owner_id, k.memory_id, max(k.thread_key), max(k.length), word.stem,
      max(k.counts[array_position(k.tokens, word.token)])::float8
    from unnest(asked, stems) as word (token, stem)
    cross join lateral (select * from memory_keywords k where k.tokens @> array[word.token] offset 0) k
    where (k.owner_id = viewer and k.audience_id = viewer)
      or (k.owner_id <> viewer and k.audience_id = any (audiences) and (k.expires_at is null or k.expires_at > now())
        and k.owner_id <> all (suspended))
    group by k.owner_id, k.memory_id, word.stem;
end $$;
