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

-- Its plan is the same for whatever is asked, and was made anew in each search.
alter function find_keywords set plan_cache_mode = 'force_generic_plan';
