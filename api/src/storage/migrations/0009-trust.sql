-- What memories were made of ---------------------------------------------------------------------------------------------

-- `trust` is the least of what the writer's own part is and of what the memory was made of. The own part, where that is
-- more trusted than the whole; null where it is the whole.
alter table memories add column own_trust text;

-- How much a source was trusted when the memory was written, or less where the source has become less trusted since. No
-- foreign key on the source, and no name of its owner: it may be erased, with its account too, and what was made of it
-- does not become better by that.
create table memory_sources (
  owner_id uuid not null,
  memory_id uuid not null,
  source_id uuid not null,
  place integer not null,
  trust text not null,
  primary key (owner_id, memory_id, source_id),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
create index memory_sources_by_source on memory_sources (owner_id, source_id);

-- Most trusted first, as in memories/memory.ts.
create function trust_rank(trust text) returns integer language sql immutable parallel safe
  return array_position('{PERSON,APP,IMPORT,OTHER_PERSON}'::text[], trust);

-- Until the transaction ends, who changes memories of an account that keeps track of sources waits for the other: what
-- becomes less trusted takes rows with it whose order nobody knows beforehand. Taken before any row is locked.
-- `own`: for the viewer too, who is about to say what a memory was made of.
create function lock_lineage(asked uuid[], own boolean) returns void
  language plpgsql security definer set search_path = public as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('lineage ' || each_owner.owner_id::text, 0)) from (
    select picard_viewer_id() as owner_id where own
    union
    select m.owner_id from memories m
    where m.id = any (asked) and (m.owner_id = picard_viewer_id() or may_write(m.owner_id, m.id))
      and exists (select from memory_sources s where s.owner_id = m.owner_id)
    order by owner_id) each_owner;
end $$;

-- What becomes less trusted takes with it what was made of it, and so on. Of one account's memories alone: a source that
-- somebody else owns is trusted least from the first. Each round looks for what the last one lowered, and nothing is
-- lowered more than three times, so it ends where memories were made of each other; a chain may be of any length.
create function lower_derived() returns trigger language plpgsql security definer set search_path = public as $$
declare
  lowered uuid[] := array(
    select n.id from before o join after n on n.owner_id = o.owner_id and n.id = o.id
    where trust_rank(n.trust) > trust_rank(o.trust));
  touched uuid[];
begin
  while lowered <> '{}' loop
    with told as (
      update memory_sources s set trust = m.trust from memories m
        where m.id = any (lowered) and s.owner_id = m.owner_id and s.source_id = m.id
          and trust_rank(s.trust) < trust_rank(m.trust)
        returning s.memory_id)
    select array(select distinct memory_id from told) into touched;
    with gone_down as (
      update memories m set trust = least_source.trust, own_trust = coalesce(m.own_trust, m.trust)
        from (
          select distinct on (s.owner_id, s.memory_id) s.owner_id, s.memory_id, s.trust from memory_sources s
          where s.memory_id = any (touched) order by s.owner_id, s.memory_id, trust_rank(s.trust) desc) least_source
        where m.owner_id = least_source.owner_id and m.id = least_source.memory_id
          and trust_rank(m.trust) < trust_rank(least_source.trust)
        returning m.id)
    select array(select id from gone_down) into lowered;
  end loop;
  return null;
end $$;
create trigger memories_lower_derived after update on memories
  referencing old table as before new table as after for each statement
  when (pg_trigger_depth() = 0) execute function lower_derived();

-- Whoever may write a memory of somebody else lowers with it what its owner made of it, and nothing more of that.
create or replace function refuse_writing_more() returns trigger language plpgsql as $$
declare
  others text[] := '{version,content_version,language,occurred_at,trust,own_trust,modified_at,written_by,thread_key}';
begin
  if current_user = 'picard_lineage' then return new; end if;
  if to_jsonb(new) - others is distinct from to_jsonb(old) - others or new.written_by is distinct from picard_viewer_id()
  then
    raise insufficient_privilege using message = 'Only the owner of a memory changes more of it than its text';
  end if;
  return new;
end $$;

-- Roles and row-level security -------------------------------------------------------------------------------------------

do $$
begin
  create role picard_lineage nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
declare
  name text;
begin
  grant picard_lineage to current_user;
  grant usage on schema public to picard_lineage;
  grant create on schema public to picard_lineage;
  foreach name in array array['lock_lineage(uuid[], boolean)', 'lower_derived()'] loop
    execute format('alter function %s owner to picard_lineage', name);
    execute format('revoke execute on function %s from public', name);
  end loop;
  revoke create on schema public from picard_lineage;
end $$;
grant execute on function lock_lineage to picard_viewer;
grant execute on function may_write to picard_lineage;
-- It can lower what is trusted, and read no text.
grant select, update (trust, own_trust) on memories to picard_lineage;
grant select, update (trust) on memory_sources to picard_lineage;
create policy lineage_rows on memories to picard_lineage using (true);

alter table memory_sources enable row level security;
alter table memory_sources force row level security;
create policy own_rows on memory_sources to picard_viewer using (owner_id = (select picard_viewer_id()));
-- Readers of a memory are told of those sources that they may see themselves.
create policy audience_rows on memory_sources for select to picard_viewer using (
  exists (select from memories m where m.owner_id = memory_sources.owner_id and m.id = memory_sources.memory_id)
  and exists (select from memories m where m.id = memory_sources.source_id));
create policy lineage_rows on memory_sources to picard_lineage using (true);
grant select, insert, delete on memory_sources to picard_viewer;
