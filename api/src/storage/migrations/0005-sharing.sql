-- Who may see a memory -----------------------------------------------------------------------------------------------

-- PRIVATE: the owner alone, whatever is granted. SHARED: whom grants name, which may be nobody. PUBLIC: everyone as well.
alter table memories add column visibility text not null default 'SHARED'
  check (visibility in ('PRIVATE', 'SHARED', 'PUBLIC'));

-- On one memory, or on every memory that fits the conditions, today's and tomorrow's: an absent one does not narrow.
create table grants (
  owner_id uuid not null references users on delete cascade,
  id uuid not null,
  memory_id uuid,
  tags text[],
  kinds text[],
  sources text[],
  thread text,
  audience_id uuid not null,
  level text not null check (level in ('READ', 'WRITE', 'SHARE')),
  expires_at timestamptz(3),
  granted_by uuid not null,
  created_at timestamptz(3) not null default now(),
  primary key (owner_id, id),
  foreign key (owner_id, memory_id) references memories on delete cascade,
  check ((memory_id is null) <> (tags is null and kinds is null and sources is null and thread is null))
);
create unique index grants_of_memory on grants (owner_id, memory_id, audience_id, granted_by) where memory_id is not null;
create unique index grants_by_id on grants (id);
create index grants_by_memory on grants (memory_id, audience_id) where memory_id is not null;
create index grants_by_audience on grants (audience_id);
create index grants_by_grantor on grants (granted_by, created_at, id);
create index grants_of_rules on grants (owner_id) where memory_id is null;

-- What the grants come to, memory by memory: beside the owner, the one table that visibility is decided from. A memory in
-- the trash has none.
create table memory_audiences (
  owner_id uuid not null,
  memory_id uuid not null,
  audience_id uuid not null,
  -- The memory's own id where its visibility is the reason.
  grant_id uuid not null,
  level text not null,
  -- The end of the grant or of the memory, whichever comes first.
  expires_at timestamptz(3),
  primary key (owner_id, memory_id, audience_id, grant_id),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
create index memory_audiences_by_audience on memory_audiences (audience_id, owner_id, memory_id) include (expires_at);
create index memory_audiences_by_grant on memory_audiences (owner_id, grant_id);

-- What an audience finds by word and by meaning without a look at what others may see ---------------------------------

alter table memory_keywords add column expires_at timestamptz(3);
create index word_statistics_of_audience on word_statistics (audience_id, owner_id) include (thread_key, documents, length);

-- Threads of two owners that bear one name are two.
alter table memories drop column thread_key;
alter table memories add column thread_key bigint
  generated always as (hashtextextended(owner_id::text || '|' || thread, 0)) stored;
update memory_keywords k set thread_key = m.thread_key from memories m where m.owner_id = k.owner_id and m.id = k.memory_id;

-- By what memories are filtered and sorted, again for every audience but the owner: a list of what others share is one
-- range of this index, however many owners there are.
create table shared_memories (
  audience_id uuid not null,
  owner_id uuid not null,
  id uuid not null,
  open_until timestamptz(3),
  kind text not null,
  tags text[] not null,
  source text,
  thread text,
  position integer,
  trust text not null,
  visibility text not null,
  occurred_at timestamptz(3),
  expires_at timestamptz(3),
  created_at timestamptz(3) not null,
  modified_at timestamptz(3) not null,
  primary key (audience_id, owner_id, id),
  foreign key (owner_id, id) references memories on delete cascade
);
create index shared_memories_by_memory on shared_memories (owner_id, id);

-- The signs of the vectors again, for every audience but the owner, so that one scan finds the nearest of all owners.
create table audience_signs (
  audience_id uuid not null,
  model_id integer not null references embedding_models,
  owner_id uuid not null,
  memory_id uuid not null,
  chunk integer not null,
  signs bit varying not null,
  expires_at timestamptz(3),
  primary key (audience_id, model_id, owner_id, memory_id, chunk) include (signs, expires_at),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
create index audience_signs_by_memory on audience_signs (owner_id, memory_id);

-- The row is the queue: words to be keyed for an audience that has just been let in.
create table pending_keywords (
  owner_id uuid not null,
  memory_id uuid not null,
  audience_id uuid not null,
  primary key (owner_id, memory_id, audience_id),
  foreign key (owner_id, memory_id) references memories on delete cascade
);

-- One row for each audience of a memory, however many grants let it in.
create view memory_readers with (security_invoker = true) as
  select owner_id, memory_id, audience_id,
    case when bool_and(expires_at is not null) then max(expires_at) end as expires_at,
    bool_or(level in ('WRITE', 'SHARE')) as may_write, bool_or(level = 'SHARE') as may_share
  from memory_audiences group by owner_id, memory_id, audience_id;

create function settle_audience_signs(owner uuid, ids uuid[]) returns void
  language sql security definer set search_path = public as $$
  delete from audience_signs where owner_id = owner and memory_id = any (ids);
  insert into audience_signs (audience_id, model_id, owner_id, memory_id, chunk, signs, expires_at)
    select a.audience_id, e.model_id, e.owner_id, e.memory_id, e.chunk, e.signs, a.expires_at
    from memory_readers a join memory_embeddings e on e.owner_id = a.owner_id and e.memory_id = a.memory_id
    where a.owner_id = owner and a.memory_id = any (ids)
$$;

create function settle_shared_memories(owner uuid, ids uuid[]) returns void
  language sql security definer set search_path = public as $$
  delete from shared_memories s
    where s.owner_id = owner and s.id = any (ids) and not exists (
      select from memory_audiences a
      where a.owner_id = owner and a.memory_id = s.id and a.audience_id = s.audience_id);
  insert into shared_memories (audience_id, owner_id, id, open_until, kind, tags, source, thread, position, trust,
      visibility, occurred_at, expires_at, created_at, modified_at)
    select r.audience_id, m.owner_id, m.id, r.expires_at, m.kind, m.tags, m.source, m.thread, m.position, m.trust,
      m.visibility, m.occurred_at, m.expires_at, m.created_at, m.modified_at
    from memory_readers r join memories m on m.owner_id = r.owner_id and m.id = r.memory_id
    where r.owner_id = owner and r.memory_id = any (ids)
    on conflict (audience_id, owner_id, id) do update set open_until = excluded.open_until, kind = excluded.kind,
      tags = excluded.tags, source = excluded.source, thread = excluded.thread, position = excluded.position,
      trust = excluded.trust, visibility = excluded.visibility, occurred_at = excluded.occurred_at,
      expires_at = excluded.expires_at, modified_at = excluded.modified_at
$$;

create function grant_fits(g grants, m memories) returns boolean language sql immutable
  return g.owner_id = m.owner_id and (g.memory_id = m.id or (g.memory_id is null
    and (g.tags is null or m.tags @> g.tags) and (g.kinds is null or m.kind = any (g.kinds))
    and (g.sources is null or m.source = any (g.sources)) and (g.thread is null or m.thread = g.thread)));

-- Until when a grant lets anybody see the memory: null where it does not, infinity without an end. Whoever passes on what
-- was shared with them does so as long as it is, in whatever way it came to them.
create function granted_until(g grants, m memories) returns timestamptz language sql stable
  return case when g.granted_by = g.owner_id then coalesce(g.expires_at, 'infinity') else (
    select least(coalesce(g.expires_at, 'infinity'), max(coalesce(own.expires_at, 'infinity'))) from grants own
    where own.owner_id = g.owner_id and own.granted_by = own.owner_id and own.level = 'SHARE' and grant_fits(own, m)
      and (own.expires_at is null or own.expires_at > now())
      and (own.audience_id = g.granted_by or exists (
        select from group_members gm where gm.group_id = own.audience_id and gm.user_id = g.granted_by))
    having count(*) > 0) end;

-- Until the transaction ends an owner's memories stand still for whoever changes grants, and the grants for whoever writes
-- memories: otherwise neither would see what the other has not committed, and a memory written while a grant ends would stay
-- open to whom it named. Taken before any row is locked.
create function lock_sharing(owner uuid) returns void language sql volatile
  return pg_advisory_xact_lock_shared(hashtextextended('sharing ' || owner::text, 0));
create function lock_sharing_alone(owner uuid) returns void language sql volatile
  return pg_advisory_xact_lock(hashtextextended('sharing ' || owner::text, 0));

-- Who hears of what (storage/events.ts) ------------------------------------------------------------------------------

create type audience_of_memory as (memory_id uuid, audience_id uuid);

create function is_current(expires_at timestamptz) returns boolean language sql stable
  return expires_at is null or expires_at > now();

-- Ids alone. An audience is told of a hundred memories at once one by one, of more only that there are many. What one memory's
-- audiences hear is one notification, so that whoever is in several hears it once; 180 ids fit into one.
create function tell_audiences(kind text, owner uuid, told audience_of_memory[]) returns void
  language plpgsql security definer set search_path = public as $$
begin
  perform pg_notify('picard_memories', jsonb_build_object(
      'kind', case when memory_ids is null then 'MANY' else kind end, 'ownerId', owner,
      'memoryIds', coalesce(memory_ids, '{}'), 'audienceIds', audience_ids[first:first + 79])::text)
    from (
      with pairs as (
        select memory_id, audience_id, count(*) over (partition by audience_id) > 100 as many
        from (select distinct * from unnest(told)) each_pair),
      each_memory as (
        select memory_id, array_agg(audience_id order by audience_id) as audience_ids
        from pairs where not many group by memory_id)
      select array_agg(memory_id) as memory_ids, audience_ids from each_memory group by audience_ids
      union all
      select null, array_agg(distinct audience_id) from pairs where many having count(*) > 0
    ) each_notification cross join generate_series(1, cardinality(audience_ids), 80) as first;
end $$;

-- Called by triggers, so that no use case can forget it.
create function settle_audiences(owner uuid, ids uuid[]) returns void
  language plpgsql security definer set search_path = public as $$
declare
  changed uuid[];
  told record;
begin
  with wanted as (
    select m.id as memory_id, picard_everyone() as audience_id, m.id as grant_id, 'READ' as level, m.expires_at
    from memories m
    where m.owner_id = owner and m.id = any (ids) and m.deleted_at is null and m.visibility = 'PUBLIC'
    union all
    select g.memory_id, g.audience_id, g.id, g.level, nullif(least(granted_until(g, m), m.expires_at), 'infinity')
    from memories m join grants g on g.owner_id = m.owner_id and g.memory_id = m.id
    where m.owner_id = owner and m.id = any (ids) and m.deleted_at is null and m.visibility <> 'PRIVATE'
      and granted_until(g, m) is not null
    union all
    select m.id, g.audience_id, g.id, g.level, least(g.expires_at, m.expires_at)
    from memories m join grants g on g.owner_id = owner and g.memory_id is null and grant_fits(g, m)
    where m.owner_id = owner and m.id = any (ids) and m.deleted_at is null and m.visibility <> 'PRIVATE'
  ),
  gone as (
    delete from memory_audiences a
    where a.owner_id = owner and a.memory_id = any (ids) and not exists (
      select from wanted w where (w.memory_id, w.audience_id, w.grant_id) = (a.memory_id, a.audience_id, a.grant_id))
    returning a.memory_id
  ),
  put as (
    insert into memory_audiences as a (owner_id, memory_id, audience_id, grant_id, level, expires_at)
    select owner, memory_id, audience_id, grant_id, level, expires_at from wanted
    on conflict (owner_id, memory_id, audience_id, grant_id) do update
      set level = excluded.level, expires_at = excluded.expires_at
      where (a.level, a.expires_at) is distinct from (excluded.level, excluded.expires_at)
    returning a.memory_id
  )
  select array(select memory_id from gone union select memory_id from put) as changed,
    -- `memory_audiences` is here as it was before this statement.
    array(select row(w.memory_id, w.audience_id)::audience_of_memory from wanted w
      where is_current(w.expires_at) and not exists (
        select from memory_audiences a
        where (a.owner_id, a.memory_id, a.audience_id) = (owner, w.memory_id, w.audience_id)
          and is_current(a.expires_at))) as let_in,
    array(select row(a.memory_id, a.audience_id)::audience_of_memory from memory_audiences a
      where a.owner_id = owner and a.memory_id = any (ids) and is_current(a.expires_at) and not exists (
        select from wanted w
        where (w.memory_id, w.audience_id) = (a.memory_id, a.audience_id) and is_current(w.expires_at))) as let_out
    into told;
  changed := told.changed;
  if changed = '{}' then return; end if;
  perform tell_audiences('SHARED', owner, told.let_in);
  perform tell_audiences('UNSHARED', owner, told.let_out);

  -- Waits for whoever keys words from the queue just now, so that those go as well.
  delete from pending_keywords p
    where p.owner_id = owner and p.memory_id = any (changed) and not exists (
      select from memory_audiences a
      where a.owner_id = owner and a.memory_id = p.memory_id and a.audience_id = p.audience_id);
  delete from memory_keywords k
    where k.owner_id = owner and k.memory_id = any (changed) and k.audience_id <> owner and not exists (
      select from memory_audiences a
      where a.owner_id = owner and a.memory_id = k.memory_id and a.audience_id = k.audience_id);
  update memory_keywords k set expires_at = a.expires_at
    from memory_readers a
    where a.owner_id = owner and a.memory_id = any (changed)
      and k.owner_id = owner and k.memory_id = a.memory_id and k.audience_id = a.audience_id
      and k.expires_at is distinct from a.expires_at;
  insert into pending_keywords (owner_id, memory_id, audience_id)
    select owner, a.memory_id, a.audience_id from memory_readers a
    where a.owner_id = owner and a.memory_id = any (changed) and not exists (
      select from memory_keywords k
      where k.owner_id = owner and k.memory_id = a.memory_id and k.audience_id = a.audience_id)
    on conflict do nothing;
  if found then perform pg_notify('picard_pending_words', ''); end if;
  perform settle_shared_memories(owner, changed);
  perform settle_audience_signs(owner, changed);
end $$;

-- Memories come, change and go to the trash ---------------------------------------------------------------------------

create function settle_new_memories() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform lock_sharing(owner_id) from (select distinct owner_id from after order by owner_id) each_owner;
  perform settle_audiences(owner_id, ids) from (
    select owner_id, array_agg(id) as ids from after
    where visibility = 'PUBLIC' or exists (select from grants g where g.owner_id = after.owner_id and g.memory_id is null)
    group by owner_id) each_owner;
  return null;
end $$;
create trigger memories_settle_new after insert on memories
  referencing new table as after for each statement execute function settle_new_memories();

create function settle_changed_memories() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform lock_sharing(owner_id) from (select distinct owner_id from after order by owner_id) each_owner;
  -- To those who saw it before; whoever is let in by the change hears that instead.
  perform tell_audiences('UPDATED', owner_id, told) from (
    select n.owner_id, array_agg(row(a.memory_id, a.audience_id)::audience_of_memory) as told
    from before o join after n on n.owner_id = o.owner_id and n.id = o.id and n.version <> o.version
    join memory_audiences a on a.owner_id = n.owner_id and a.memory_id = n.id and is_current(a.expires_at)
    group by n.owner_id) each_owner;
  perform settle_audiences(owner_id, ids) from (
    select n.owner_id, array_agg(n.id) as ids from before o join after n on n.owner_id = o.owner_id and n.id = o.id
    where (n.visibility, n.tags, n.kind, n.source, n.thread, n.deleted_at is null, n.expires_at)
      is distinct from (o.visibility, o.tags, o.kind, o.source, o.thread, o.deleted_at is null, o.expires_at)
      and (n.visibility = 'PUBLIC' or exists (select from grants g where g.owner_id = n.owner_id)
        or exists (select from memory_audiences a where a.owner_id = n.owner_id and a.memory_id = n.id))
    group by n.owner_id) each_owner;
  perform settle_shared_memories(owner_id, ids) from (
    select owner_id, array_agg(id) as ids from after
    where exists (select from memory_audiences a where a.owner_id = after.owner_id and a.memory_id = after.id)
    group by owner_id) each_owner;
  return null;
end $$;
create trigger memories_settle_changed after update on memories
  referencing old table as before new table as after for each statement execute function settle_changed_memories();

-- Grants come and go --------------------------------------------------------------------------------------------------

create function lock_for_grants() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'DELETE' then
    perform lock_sharing_alone(old.owner_id);
    return old;
  end if;
  perform lock_sharing_alone(new.owner_id);
  return new;
end $$;
create trigger grants_lock before insert or update or delete on grants for each row execute function lock_for_grants();

create function settle_grants() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'DELETE' then
    -- What was passed on by one of these is on the same memories.
    perform settle_audiences(owner_id, ids) from (
      select b.owner_id, array_agg(distinct a.memory_id) as ids from before b
      join memory_audiences a on a.owner_id = b.owner_id and a.grant_id = b.id
      group by b.owner_id) each_owner;
    return null;
  end if;
  perform settle_audiences(owner_id, ids) from (
    select owner_id, array_agg(distinct id) as ids from (
      select m.owner_id, m.id from after g join memories m on m.owner_id = g.owner_id and m.id = g.memory_id
      union all
      select m.owner_id, m.id from after g
      join memories m on m.owner_id = g.owner_id and g.memory_id is null and grant_fits(g.*::grants, m)
    ) fitting group by owner_id) each_owner;
  return null;
end $$;
create trigger grants_settle_new after insert on grants
  referencing new table as after for each statement execute function settle_grants();
create trigger grants_settle_changed after update on grants
  referencing new table as after for each statement execute function settle_grants();
create trigger grants_settle_gone after delete on grants
  referencing old table as before for each statement execute function settle_grants();

-- Vectors come and go -------------------------------------------------------------------------------------------------

create function settle_new_vectors() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform lock_sharing(owner_id) from (select distinct owner_id from after order by owner_id) each_owner;
  perform settle_audience_signs(owner_id, ids) from (
    select owner_id, array_agg(distinct memory_id) as ids from after
    where exists (
      select from memory_audiences a where a.owner_id = after.owner_id and a.memory_id = after.memory_id)
    group by owner_id) each_owner;
  return null;
end $$;
create trigger memory_embeddings_settle_new after insert on memory_embeddings
  referencing new table as after for each statement execute function settle_new_vectors();
create trigger memory_embeddings_settle_gone after delete on memory_embeddings
  referencing old table as after for each statement execute function settle_new_vectors();

-- An audience ends -----------------------------------------------------------------------------------------------------

create function end_audiences() returns trigger language plpgsql security definer set search_path = public as $$
begin
  delete from grants where audience_id in (select id from before) or granted_by in (select id from before);
  return null;
end $$;
create trigger users_end_audiences after delete on users
  referencing old table as before for each statement execute function end_audiences();
create trigger groups_end_audiences after delete on groups
  referencing old table as before for each statement execute function end_audiences();

-- Who leaves a group can pass on no longer what it was shared; who comes back can again.
create function settle_members() returns trigger language plpgsql security definer set search_path = public as $$
declare
  touched record;
begin
  for touched in
    select passed.owner_id, array_agg(distinct passed.memory_id) as ids from changed c
    join grants passed on passed.granted_by = c.user_id and passed.owner_id <> c.user_id
    group by passed.owner_id order by passed.owner_id
  loop
    perform lock_sharing_alone(touched.owner_id);
    perform settle_audiences(touched.owner_id, touched.ids);
  end loop;
  return null;
end $$;
create trigger group_members_settle_new after insert on group_members
  referencing new table as changed for each statement execute function settle_members();
create trigger group_members_settle_gone after delete on group_members
  referencing old table as changed for each statement execute function settle_members();

-- Whom it is shared with ------------------------------------------------------------------------------------------------

-- The account or group stays until the transaction ends. Null for an account that is not there, and a group that the viewer
-- is not in.
create function lock_grantee(asked uuid) returns text
  language plpgsql security definer set search_path = public as $$
begin
  perform from users where id = asked for key share;
  if found then return 'USER'; end if;
  perform from groups where id = asked and id = any (picard_audiences()) for key share;
  return case when found then 'GROUP' end;
end $$;

-- Whether the viewer shares with a person or group, or passes on to them.
create function viewer_shares_with(audience uuid) returns boolean
  language plpgsql stable security definer set search_path = public as $$
begin
  return exists (select from grants g where g.audience_id = audience and picard_viewer_id() in (g.owner_id, g.granted_by));
end $$;

-- Whether the viewer sees something by a person: who owns it, or passed it on. Functions, so that each is a look-up by index,
-- however many people a statement asks about.
create function shares_with_viewer(person uuid) returns boolean
  language plpgsql stable security definer set search_path = public as $$
declare
  audiences uuid[] := picard_audiences();
begin
  return exists (
      select from memory_audiences a
      where a.audience_id = any (audiences) and a.owner_id = person and (a.expires_at is null or a.expires_at > now()))
    or exists (
      select from grants g
      where g.granted_by = person and g.owner_id <> person and (g.owner_id = picard_viewer_id() or exists (
        select from memory_audiences a
        where a.owner_id = g.owner_id and a.grant_id = g.id and a.audience_id = any (audiences)
          and (a.expires_at is null or a.expires_at > now()))));
end $$;

-- Until the transaction ends the viewer stays, and in the groups that they are in: who left while passing something on would
-- find nothing to end yet, and it would not know of their leaving.
create function lock_grantor() returns void
  language plpgsql security definer set search_path = public as $$
begin
  perform from users where id = picard_viewer_id() for key share;
  perform from group_members where user_id = picard_viewer_id() order by group_id for key share;
end $$;

-- Until when the viewer may pass a memory on: null where they may not, infinity without an end.
create function shareable_until(owner uuid, memory uuid) returns timestamptz
  language sql stable security definer set search_path = public
  return (
    select max(coalesce(a.expires_at, 'infinity')) from memory_audiences a
    where a.owner_id = owner and a.memory_id = memory and a.level = 'SHARE'
      and a.audience_id = any (picard_audiences()) and (a.expires_at is null or a.expires_at > now()));

-- Whoever may share a memory is told how often it is shared already, whoever did so.
create function count_grants(memories uuid[]) returns table (memory_id uuid, count integer)
  language sql stable security definer set search_path = public
  begin atomic
    select g.memory_id, count(*)::integer from grants g
    where g.memory_id = any (memories) and (g.expires_at is null or g.expires_at > now())
      and (g.owner_id = picard_viewer_id() or shareable_until(g.owner_id, g.memory_id) is not null)
    group by g.memory_id;
  end;

-- Whoever comes into a group sees what it was shared, and whoever leaves does no longer. What they are told is for them
-- alone; that they came or left is for the processes, which know by it who is in which audience.
create function tell_members() returns trigger language plpgsql security definer set search_path = public as $$
declare
  member record;
  kind text := case tg_op when 'INSERT' then 'SHARED' else 'UNSHARED' end;
begin
  for member in select group_id, user_id from changed loop
    perform pg_notify('picard_memories', jsonb_build_object(
      'kind', case tg_op when 'INSERT' then 'JOINED' else 'LEFT' end,
      'groupId', member.group_id, 'memberId', member.user_id)::text);
    if (select count(*) from (
      select from memory_audiences a where a.audience_id = member.group_id and is_current(a.expires_at) limit 101) a_few) > 100
    then
      perform pg_notify('picard_memories', jsonb_build_object(
        'kind', 'MANY', 'ownerId', null, 'memoryIds', '[]'::jsonb, 'audienceIds', array[member.user_id])::text);
    else
      perform tell_audiences(kind, owner_id, told) from (
        select a.owner_id, array_agg(row(a.memory_id, member.user_id)::audience_of_memory) as told from memory_audiences a
        where a.audience_id = member.group_id and is_current(a.expires_at) group by a.owner_id) each_owner;
    end if;
  end loop;
  return null;
end $$;
create trigger group_members_tell_new after insert on group_members
  referencing new table as changed for each statement execute function tell_members();
create trigger group_members_tell_gone after delete on group_members
  referencing old table as changed for each statement execute function tell_members();

-- Before an account takes its memories with it.
create function tell_readers_of_account() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform tell_audiences('UNSHARED', old.id, array(
    select row(a.memory_id, a.audience_id)::audience_of_memory from memory_audiences a
    where a.owner_id = old.id and is_current(a.expires_at)));
  return old;
end $$;
create trigger users_tell_readers before delete on users for each row execute function tell_readers_of_account();

-- Writing what others own ----------------------------------------------------------------------------------------------

-- Who wrote the present version; null: the owner. Of an account that is gone the id stays.
alter table memories add column written_by uuid;
alter table memory_versions add column written_by uuid;

-- The memories of others that this transaction may write, as `owner/id`; see lock_for_writing().
create function picard_writing() returns text[] language sql stable
  return string_to_array(nullif(current_setting('picard.writing', true), ''), ',');

-- Locks those of the memories that the viewer may write, their own too, until the transaction ends; until then nobody takes
-- the right away. Answers which of them are others', which row-level security lets this transaction write from here on.
create function lock_for_writing(asked uuid[]) returns table (owner_id uuid, id uuid)
  language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
  perform lock_sharing(owner_id) from (
    select distinct m.owner_id from memories m where m.id = any (asked) and (m.owner_id = picard_viewer_id() or exists (
      select from memory_audiences a
      where a.owner_id = m.owner_id and a.memory_id = m.id and a.audience_id = any ((select picard_audiences())::uuid[])))
    order by owner_id) each_owner;
  -- What was shared before the wait may be no longer after it.
  perform from memories m where m.id = any (asked) and (m.owner_id = picard_viewer_id() or may_write(m.owner_id, m.id))
    order by m.id for no key update;
  return query
    select m.owner_id, m.id from memories m
    where m.id = any (asked) and m.owner_id <> picard_viewer_id() and may_write(m.owner_id, m.id);
  perform set_config('picard.writing', coalesce((
    select string_agg(m.owner_id || '/' || m.id, ',') from memories m
    where m.id = any (asked) and m.owner_id <> picard_viewer_id() and may_write(m.owner_id, m.id)), ''), true);
end $$;

create function may_write(owner uuid, memory uuid) returns boolean
  language sql stable security definer set search_path = public
  return exists (
    select from memory_audiences a
    where a.owner_id = owner and a.memory_id = memory and a.level in ('WRITE', 'SHARE')
      and a.audience_id = any ((select picard_audiences())::uuid[]) and is_current(a.expires_at));

-- All but the text and what comes with it is the owner's: what grants go by, and what hides a memory.
create function refuse_writing_more() returns trigger language plpgsql as $$
declare
  others text[] := '{version,content_version,language,occurred_at,trust,modified_at,written_by,thread_key}';
begin
  if to_jsonb(new) - others is distinct from to_jsonb(old) - others or new.written_by is distinct from picard_viewer_id()
  then
    raise insufficient_privilege using message = 'Only the owner of a memory changes more of it than its text';
  end if;
  return new;
end $$;
create trigger memories_of_others before update on memories for each row
  when (old.owner_id <> picard_viewer_id()) execute function refuse_writing_more();

-- Roles and row-level security -----------------------------------------------------------------------------------------

do $$
begin
  create role picard_sharing nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$
declare
  name text;
begin
  grant picard_sharing to current_user;
  grant usage on schema public to picard_sharing;
  grant create on schema public to picard_sharing;
  foreach name in array array[
    'grants', 'memory_audiences', 'shared_memories', 'audience_signs', 'pending_keywords'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy jobs_rows on %I to picard_jobs using (true)', name);
    execute format('grant select, insert, update, delete on %I to picard_sharing', name);
    execute format('create policy sharing_rows on %I to picard_sharing using (true)', name);
  end loop;
  foreach name in array array['memories', 'memory_embeddings', 'memory_keywords', 'users', 'groups', 'group_members'] loop
    execute format('create policy sharing_rows on %I to picard_sharing using (true)', name);
    continue when name = 'users';
    execute format('grant select on %I to picard_sharing', name);
  end loop;
  foreach name in array array[
    'settle_shared_memories(uuid, uuid[])', 'settle_audience_signs(uuid, uuid[])', 'settle_audiences(uuid, uuid[])', 'settle_new_memories()',
    'settle_changed_memories()', 'lock_for_grants()', 'settle_grants()', 'settle_new_vectors()', 'end_audiences()',
    'settle_members()', 'lock_grantee(uuid)', 'lock_grantor()', 'shareable_until(uuid, uuid)', 'count_grants(uuid[])',
    'viewer_shares_with(uuid)', 'shares_with_viewer(uuid)',
    'tell_audiences(text, uuid, audience_of_memory[])', 'tell_members()', 'tell_readers_of_account()',
    'lock_for_writing(uuid[])', 'may_write(uuid, uuid)'
  ] loop
    execute format('alter function %s owner to picard_sharing', name);
    execute format('revoke execute on function %s from public', name);
  end loop;
  revoke create on schema public from picard_sharing;
end $$;
-- To lock accounts, groups and memories needs the right to change them; no id is ever changed.
grant select (id), update (id) on users to picard_sharing;
grant update (id) on groups to picard_sharing;
grant update (group_id) on group_members to picard_sharing;
grant execute on function picard_audiences to picard_sharing;
grant execute on function lock_grantee, lock_grantor, shareable_until, count_grants, viewer_shares_with, shares_with_viewer
  to picard_viewer;
grant update (expires_at), delete on memory_keywords to picard_sharing;
grant update (id) on memories to picard_sharing;
grant execute on function lock_for_writing to picard_viewer;
grant select on memory_readers to picard_sharing, picard_viewer, picard_search;
grant insert on word_statistics to picard_sharing;

-- Beside another policy the viewer is no condition of an index any more, so they are asked for once and not for each row. Of
-- two policies the database tries the one first whose name comes last: own rows before those of audiences.
do $$
declare
  name text;
begin
  foreach name in array array[
    'memories', 'memory_texts', 'memory_embeddings', 'memory_keywords', 'word_statistics'
  ] loop
    execute format('alter policy own_rows on %I using (owner_id = (select picard_viewer_id()))', name);
  end loop;
end $$;
create policy audience_rows on memories for select to picard_viewer using (exists (
  select from memory_audiences a
  where a.owner_id = memories.owner_id and a.memory_id = memories.id
    and a.audience_id = any ((select picard_audiences())::uuid[]) and (a.expires_at is null or a.expires_at > now())));
-- The present text alone; what it was before is the owner's.
create policy audience_rows on memory_texts for select to picard_viewer using (exists (
  select from memories m
  where m.owner_id = memory_texts.owner_id and m.id = memory_texts.memory_id
    and m.content_version = memory_texts.content_version));
create policy audience_rows on memory_embeddings for select to picard_viewer using (exists (
  select from memory_audiences a
  where a.owner_id = memory_embeddings.owner_id and a.memory_id = memory_embeddings.memory_id
    and a.audience_id = any ((select picard_audiences())::uuid[]) and (a.expires_at is null or a.expires_at > now())));
create policy audience_rows on memory_keywords for select to picard_viewer using (
  owner_id <> (select picard_viewer_id()) and audience_id = any ((select picard_audiences())::uuid[])
  and (expires_at is null or expires_at > now()));
create policy audience_rows on word_statistics for select to picard_viewer using (
  owner_id <> (select picard_viewer_id()) and audience_id = any ((select picard_audiences())::uuid[]));
create policy own_rows on shared_memories for select to picard_viewer using (owner_id = (select picard_viewer_id()));
create policy audience_rows on shared_memories for select to picard_viewer using (
  audience_id = any ((select picard_audiences())::uuid[]) and (open_until is null or open_until > now()));
create policy audience_rows on audience_signs for select to picard_viewer using (
  audience_id = any ((select picard_audiences())::uuid[]) and (expires_at is null or expires_at > now()));
-- A text is opened with its owner's key, which is itself sealed.
create policy audience_rows on data_keys for select to picard_viewer using (exists (
  select from memory_audiences a
  where a.owner_id = data_keys.owner_id and a.audience_id = any ((select picard_audiences())::uuid[])
    and (a.expires_at is null or a.expires_at > now())));
create policy own_rows on memory_audiences for select to picard_viewer using (owner_id = (select picard_viewer_id()));
create policy audience_rows on memory_audiences for select to picard_viewer using (
  audience_id = any ((select picard_audiences())::uuid[]) and (expires_at is null or expires_at > now()));
create policy own_rows on grants to picard_viewer using (owner_id = picard_viewer_id())
  with check (owner_id = picard_viewer_id() and granted_by = picard_viewer_id());
-- Whoever passes something on sees and ends that, also once they may see the memory no longer.
create policy passed_rows on grants for select to picard_viewer using (granted_by = picard_viewer_id());
create policy ending on grants for delete to picard_viewer using (granted_by = picard_viewer_id());
create policy passing_on on grants for insert to picard_viewer with check (
  granted_by = picard_viewer_id() and owner_id <> picard_viewer_id() and audience_id <> owner_id
  and memory_id is not null and level in ('READ', 'WRITE')
  and coalesce(expires_at, 'infinity') <= shareable_until(owner_id, memory_id));
create policy passing_on_again on grants for update to picard_viewer
  using (granted_by = picard_viewer_id() and owner_id <> picard_viewer_id())
  with check (
    granted_by = picard_viewer_id() and owner_id <> picard_viewer_id() and audience_id <> owner_id
    and memory_id is not null and level in ('READ', 'WRITE')
    and coalesce(expires_at, 'infinity') <= shareable_until(owner_id, memory_id));
-- Whoever is let in by a grant is told of it while it lets them see something.
create policy audience_rows on grants for select to picard_viewer using (exists (
  select from memory_audiences a
  where a.owner_id = grants.owner_id and a.grant_id = grants.id
    and a.audience_id = any ((select picard_audiences())::uuid[]) and (a.expires_at is null or a.expires_at > now())));
-- Whose memory one sees, with whom one shares, and who passed something on are people that one is shown.
create policy audience_rows on users for select to picard_viewer using (
  shares_with_viewer(id) or viewer_shares_with(id));
create policy audience_rows on groups for select to picard_viewer using (viewer_shares_with(id));
create policy own_rows on pending_keywords to picard_viewer using (owner_id = picard_viewer_id());
-- Named to come before the others in the alphabet: the database tries those last, and they are seldom of use.
create policy acting_rows on memories for update to picard_viewer
  using (owner_id || '/' || id = any ((select picard_writing())::text[]));
create policy acting_rows on memory_texts for insert to picard_viewer
  with check (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on memory_versions for insert to picard_viewer
  with check (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on memory_embeddings for delete to picard_viewer
  using (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on memory_audiences for select to picard_viewer
  using (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on memory_keywords to picard_viewer
  using (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on pending_keywords to picard_viewer
  using (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));
create policy acting_rows on pending_embeddings to picard_viewer
  using (owner_id || '/' || memory_id = any ((select picard_writing())::text[]));

grant select, insert, update (level, expires_at), delete on grants to picard_viewer;
grant select on memory_audiences, shared_memories, audience_signs to picard_viewer;
grant select, update, delete on pending_keywords to picard_viewer, picard_jobs;
grant select on grants, memory_audiences to picard_jobs;
grant select, insert, update, delete on memory_keywords to picard_jobs;
grant select on memory_readers, memory_texts to picard_jobs;

-- A word of a query has another token in each index; `stems` says which tokens mean the same word. What is open to several
-- audiences of the viewer is answered once.
drop function find_keywords;
create function find_keywords(asked bigint[], stems integer[])
  returns table (owner_id uuid, memory_id uuid, thread_key bigint, length integer, stem integer, frequency float8)
  language plpgsql stable security definer set search_path = public
as $$
#variable_conflict use_column
declare
  viewer uuid := picard_viewer_id();
  audiences uuid[] := picard_audiences();
begin
  return query
    select k.owner_id, k.memory_id, max(k.thread_key), max(k.length), word.stem,
      max(k.counts[array_position(k.tokens, word.token)])::float8
    from unnest(asked, stems) as word (token, stem)
    join memory_keywords k on k.tokens @> array[word.token]
    where (k.owner_id = viewer and k.audience_id = viewer)
      or (k.owner_id <> viewer and k.audience_id = any (audiences) and (k.expires_at is null or k.expires_at > now()))
    group by k.owner_id, k.memory_id, word.stem;
end $$;
grant create on schema public to picard_search;
alter function find_keywords owner to picard_search;
revoke create on schema public from picard_search;
revoke execute on function find_keywords from public;
grant execute on function find_keywords to picard_viewer;
