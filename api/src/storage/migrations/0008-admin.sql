-- Who looks after the server --------------------------------------------------------------------------------------------

alter table users add column suspended_at timestamptz(3), add column last_sign_in_at timestamptz(3);
create index users_by_creation on users (created_at, id);
create index users_suspended on users (id) where suspended_at is not null;
-- Whoever is in a group with somebody sees who that is, and neither this nor how long they keep reads.
revoke select on users from picard_viewer;
grant select (id, handle, display_name, about, administrator, claimed_at, created_at) on users to picard_viewer;

create function own_reads_kept_days() returns integer
  language sql stable parallel safe security definer set search_path = public
  return (select reads_kept_days from users where id = picard_viewer_id());

-- `picard_admin` is for an administrator who asks; nobody takes on `picard_keeper`, which stands behind functions.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['picard_admin', 'picard_keeper'] loop
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then null;
    end;
    execute format('grant %I to current_user', role_name);
    execute format('grant usage on schema public to %I', role_name);
  end loop;
end $$;

-- Read anew by each statement: nobody is an administrator by what a token says.
create function picard_is_administrator() returns boolean
  language sql stable parallel safe security definer set search_path = public
  return exists (select from users where id = picard_viewer_id() and administrator and suspended_at is null);

create function require_administrator() returns void language plpgsql set search_path = public as $$
begin
  if not picard_is_administrator() then
    raise exception 'The viewer is no administrator, or not any longer' using errcode = 'PA001';
  end if;
end $$;

-- Suspended accounts ----------------------------------------------------------------------------------------------------

create function suspended_accounts() returns uuid[]
  language sql stable parallel safe security definer set search_path = public
  return array(select id from users where suspended_at is not null);

-- Until the transaction ends its viewer is not suspended: who suspends waits for it, and what comes later is refused. A
-- request that had begun before therefore writes nothing afterwards. Foreign keys lock less, and wait for nobody here.
create function refuse_suspended() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if picard_viewer_id() is null then return null; end if;
  perform from users where id = picard_viewer_id() for share;
  if exists (select from users where id = picard_viewer_id() and suspended_at is not null) then
    raise exception 'The account is suspended' using errcode = 'PA002';
  end if;
  return null;
end $$;
create trigger memories_refuse_suspended before insert or update or delete on memories
  for each statement execute function refuse_suspended();

create function note_sign_in() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update users set last_sign_in_at = now() where id = new.owner_id;
  return null;
end $$;
create trigger sessions_note_sign_in after insert on sessions for each row execute function note_sign_in();

-- What somebody shared is hidden from others while they are suspended. All that decides what others see or find goes by
-- these tables.
do $$
declare
  table_name text;
begin
  foreach table_name in array array[
    'memory_audiences', 'shared_memories', 'memory_keywords', 'audience_signs', 'word_statistics'
  ] loop
    execute format('create policy of_active_owners on %I as restrictive for select to picard_viewer using
      (owner_id = picard_viewer_id() or owner_id <> all ((select suspended_accounts())::uuid[]))', table_name);
  end loop;
end $$;

-- Here it is a condition and no policy: behind one, the index of words could not be asked for a word, as `@>` is not leakproof.
create or replace function find_keywords(asked bigint[], stems integer[])
  returns table (owner_id uuid, memory_id uuid, thread_key bigint, length integer, stem integer, frequency float8)
  language plpgsql stable security definer set search_path = public
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
    join memory_keywords k on k.tokens @> array[word.token]
    where (k.owner_id = viewer and k.audience_id = viewer)
      or (k.owner_id <> viewer and k.audience_id = any (audiences) and (k.expires_at is null or k.expires_at > now())
        and k.owner_id <> all (suspended))
    group by k.owner_id, k.memory_id, word.stem;
end $$;

-- How much an account holds ---------------------------------------------------------------------------------------------

-- As `word_statistics`: changes are added, never updated, so that writers of one account do not wait for each other; a job
-- adds them up.
create table account_usage (
  owner_id uuid not null,
  -- Those in the trash are not counted.
  memories bigint not null,
  -- Of sealed texts: the present ones, the history's and the trash's.
  bytes bigint not null,
  summed boolean not null default false
);
create index account_usage_by_owner on account_usage (owner_id) include (memories, bytes);
create index account_usage_changes on account_usage (owner_id) where not summed;

-- The row without an owner is the server's, and holds where an account has no number of its own. Null is no limit.
create table quotas (
  owner_id uuid references users on delete cascade,
  max_memories integer check (max_memories >= 0),
  max_megabytes integer check (max_megabytes >= 0),
  unique nulls not distinct (owner_id)
);

-- What there is still room for; null where there is no limit. Where there is one, the account's writers wait for each other
-- until the transaction ends, so that what two of them add is counted by the second.
create function usage_room(owner uuid) returns table (memories bigint, bytes bigint)
  language plpgsql security definer set search_path = public as $$
declare
  most_memories bigint;
  most_bytes bigint;
begin
  select coalesce(own.max_memories, of_server.max_memories),
      coalesce(own.max_megabytes, of_server.max_megabytes)::bigint * 1000000
    into most_memories, most_bytes
    from (select) one left join quotas own on own.owner_id = owner left join quotas of_server on of_server.owner_id is null;
  if most_memories is null and most_bytes is null then
    return query select null::bigint, null::bigint;
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('quota ' || owner::text, 0));
  return query select most_memories - coalesce(sum(u.memories), 0)::bigint, most_bytes - coalesce(sum(u.bytes), 0)::bigint
    from account_usage u where u.owner_id = owner;
end $$;

create function own_usage_room() returns table (memories bigint, bytes bigint)
  language sql security definer set search_path = public as $$ select * from usage_room(picard_viewer_id()) $$;

-- Called by triggers, so that no use case can forget it.
create function add_usage(owner uuid, more_memories bigint, more_bytes bigint) returns void
  language plpgsql security definer set search_path = public as $$
declare
  room record;
begin
  -- What an account takes with it when it is deleted is counted after it is gone.
  insert into account_usage (owner_id, memories, bytes)
    select owner, more_memories, more_bytes where exists (select from users where id = owner);
  if more_memories <= 0 and more_bytes <= 0 then return; end if;
  select * into room from usage_room(owner);
  if more_memories > 0 and room.memories < 0 then
    raise exception 'The account may hold no more memories' using errcode = 'PA003', detail = 'memories';
  end if;
  if more_bytes > 0 and room.bytes < 0 then
    raise exception 'The account may hold no more text' using errcode = 'PA003', detail = 'bytes';
  end if;
end $$;

create function count_memories() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform add_usage(owner_id, count(*), 0) from after where deleted_at is null group by owner_id;
  elsif tg_op = 'DELETE' then
    perform add_usage(owner_id, -count(*), 0) from before where deleted_at is null group by owner_id;
  else
    perform add_usage(owner_id, change, 0) from (
      select owner_id, sum(one) as change from (
        select owner_id, 1 as one from after where deleted_at is null
        union all select owner_id, -1 from before where deleted_at is null) each
      group by owner_id) changes
    where change <> 0;
  end if;
  return null;
end $$;
create trigger memories_count_new after insert on memories
  referencing new table as after for each statement execute function count_memories();
create trigger memories_count_changed after update on memories
  referencing old table as before new table as after for each statement execute function count_memories();
create trigger memories_count_gone after delete on memories
  referencing old table as before for each statement execute function count_memories();

create function count_texts() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform add_usage(owner_id, 0, sum(octet_length(sealed))) from after group by owner_id;
  else
    perform add_usage(owner_id, 0, -sum(octet_length(sealed))) from before group by owner_id;
  end if;
  return null;
end $$;
create trigger memory_texts_count_new after insert on memory_texts
  referencing new table as after for each statement execute function count_texts();
create trigger memory_texts_count_gone after delete on memory_texts
  referencing old table as before for each statement execute function count_texts();

create function end_usage() returns trigger language plpgsql security definer set search_path = public as $$
begin
  loop
    delete from account_usage where owner_id in (select id from before);
    -- What a job was just adding up is seen by the next statement only.
    exit when not found;
  end loop;
  return null;
end $$;
create trigger users_end_usage after delete on users
  referencing old table as before for each statement execute function end_usage();

-- Apps that an administrator has shut out, and what background jobs have done -------------------------------------------

create table disabled_clients (
  client_id text primary key,
  disabled_at timestamptz(3) not null default now()
);

create index connected_apps_by_client on connected_apps (client_id) include (last_used_at);

create table job_runs (
  name text primary key,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  failed_at timestamptz(3),
  -- In a row: none since the last one that went well.
  failures integer not null default 0,
  next_at timestamptz(3)
);

-- Row-level security ----------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array['account_usage', 'quotas', 'disabled_clients', 'job_runs'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
  foreach name in array array['users', 'account_usage', 'quotas'] loop
    execute format('create policy keeper_rows on %I to picard_keeper using (true)', name);
  end loop;
  foreach name in array array[
    'users', 'api_keys', 'sessions', 'connected_apps', 'oauth_models', 'revoked_tokens', 'groups', 'group_members',
    'account_usage', 'quotas', 'disabled_clients', 'job_runs', 'memories', 'pending_embeddings', 'word_statistics',
    'data_keys'
  ] loop
    execute format('create policy admin_rows on %I to picard_admin using ((select picard_is_administrator()))', name);
  end loop;
  grant create on schema public to picard_keeper;
  foreach name in array array[
    'picard_is_administrator()', 'suspended_accounts()', 'refuse_suspended()', 'note_sign_in()', 'usage_room(uuid)',
    'own_usage_room()', 'own_reads_kept_days()', 'add_usage(uuid, bigint, bigint)', 'count_memories()', 'count_texts()', 'end_usage()'
  ] loop
    execute format('alter function %s owner to picard_keeper', name);
    execute format('revoke execute on function %s from public', name);
  end loop;
  revoke create on schema public from picard_keeper;
end $$;
create policy jobs_rows on account_usage to picard_jobs using (true);
create policy jobs_rows on job_runs to picard_jobs using (true);
create policy own_rows on account_usage for select to picard_viewer using (owner_id = picard_viewer_id());
create policy own_rows on quotas for select to picard_viewer using (owner_id = picard_viewer_id() or owner_id is null);
create policy accounts_rows on disabled_clients for select to picard_accounts using (true);

grant select (id, administrator, suspended_at, reads_kept_days), update (id, last_sign_in_at) on users to picard_keeper;
grant select, insert, delete on account_usage to picard_keeper, picard_jobs;
grant select on quotas to picard_keeper;
grant select on account_usage, quotas to picard_viewer;
grant select on disabled_clients to picard_accounts;
grant select, insert, update on job_runs to picard_jobs;
grant execute on function suspended_accounts to picard_viewer, picard_search;
grant execute on function own_usage_room, own_reads_kept_days to picard_viewer;
grant execute on function picard_is_administrator to picard_admin;
revoke execute on function require_administrator from public;
grant execute on function require_administrator to picard_admin;

-- Column by column: no text, tag, title or name of anything that is somebody's own.
grant select (id, handle, display_name, administrator, claimed_at, created_at, suspended_at, last_sign_in_at),
  update (administrator, suspended_at) on users to picard_admin;
grant select (owner_id, last_used_at) on api_keys to picard_admin;
grant select (owner_id, last_seen_at), delete on sessions to picard_admin;
grant select (owner_id, client_id, created_at, last_used_at) on connected_apps to picard_admin;
grant select (model, grant_id, account_id, client_id, created_at, consumed_at, expires_at), delete on oauth_models to picard_admin;
grant select, insert, update on revoked_tokens to picard_admin;
grant select (id, name, created_at), delete on groups to picard_admin;
grant select (group_id, user_id) on group_members to picard_admin;
grant select on account_usage to picard_admin;
grant select, insert, update, delete on quotas to picard_admin;
grant select, insert, delete on disabled_clients to picard_admin;
grant select on job_runs, embedding_models, migrations to picard_admin;
grant select (deleted_at) on memories to picard_admin;
grant select (model_id, attempts, run_after) on pending_embeddings to picard_admin;
grant select (summed) on word_statistics to picard_admin;
grant select (master_key_version) on data_keys to picard_admin;

-- What accounts hold already.
set local role picard_jobs;
insert into account_usage (owner_id, memories, bytes, summed)
  select owner_id, sum(memories), sum(bytes), true from (
    select owner_id, 1 as memories, 0 as bytes from memories where deleted_at is null
    union all select owner_id, 0, octet_length(sealed) from memory_texts) each
  group by owner_id;
reset role;
