-- What was done, and by whom --------------------------------------------------------------------------------------------

-- Behind these functions and tables; nobody takes it on. It can add to the log, and neither change nor remove.
do $$
begin
  create role picard_audit nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant picard_audit to current_user;
grant usage on schema public to picard_audit;

-- The log of an account bears an id of its own, drawn by chance, and entries name accounts by it alone: when an account is
-- deleted this row goes, and no entry tells any longer whose it was, though none was changed.
create table audit_logs (
  owner_id uuid primary key references users on delete cascade,
  log_id uuid not null unique default gen_random_uuid()
);

-- One row for each statement that did something, written by it.
create table audit_acts (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null default clock_timestamp(),
  -- In which logs it stands: first that of the account whose things these are, then that of whoever did it.
  logs uuid[] not null,
  act text not null,
  actor uuid,
  -- 'key', 'token' (its id is the app's) or null.
  credential text,
  credential_id text,
  face text not null,
  operation text,
  -- Another account that it was about: who was let in, who was removed.
  concerned uuid,
  -- The first 500.
  subjects uuid[] not null,
  subject_count integer not null,
  -- Kinds and counts; json keeps its text as it was written, of which the hash is taken.
  details json
);

-- The order of each log.
create table audit_chain (
  log_id uuid not null,
  seq bigint not null,
  act_id bigint not null,
  previous_hash bytea not null,
  hash bytea not null,
  primary key (log_id, seq)
);
create index audit_chain_by_act on audit_chain (act_id);

-- Where each log ends. Only who holds the lock `log_lock()` changes it.
create table audit_heads (
  log_id uuid primary key,
  seq bigint not null default 0,
  hash bytea not null default decode(repeat('00', 32), 'hex')
) with (fillfactor = 40);

-- Acts that another transaction was in the way of: whoever writes to the log next puts them into its order.
create table audit_pending (
  log_id uuid not null,
  act_id bigint not null,
  primary key (log_id, act_id)
);

-- Ends of logs, signed by the server with a key that the database does not have.
create table audit_checkpoints (
  log_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  at timestamptz(3) not null,
  signature bytea not null,
  primary key (log_id, seq)
);

-- What belongs to no account: master keys, signing keys.
create function picard_server_log() returns uuid language sql immutable parallel safe
  return '00000000-0000-4000-8000-000000000001'::uuid;
insert into audit_heads (log_id) values (picard_server_log());
with made as (insert into audit_logs (owner_id) select id from users returning log_id)
insert into audit_heads (log_id) select log_id from made;

-- Append-only: not even the owner of the tables by mistake.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_acts_kept before update or delete or truncate on audit_acts for each statement execute function refuse_change();
create trigger audit_chain_kept before update or delete or truncate on audit_chain for each statement execute function refuse_change();
create trigger audit_checkpoints_kept before update or delete or truncate on audit_checkpoints
  for each statement execute function refuse_change();
create trigger audit_heads_kept before delete or truncate on audit_heads for each statement execute function refuse_change();

-- Writing -----------------------------------------------------------------------------------------------------------

-- What a hash is taken of: the hash before, then each field as a netstring of its UTF-8 (its length in bytes, a colon, it,
-- a comma); null is a hyphen and a comma. `audit/entry-hash.ts` says and does the same.
create function audit_field(value text) returns text language sql immutable parallel safe
  return coalesce(octet_length(value) || ':' || value || ',', '-,');

create function audit_hash(previous bytea, log uuid, seq bigint, act audit_acts) returns bytea
  language plpgsql immutable as $$
begin
  return sha256(previous || convert_to(audit_field('picard audit 1') || audit_field(log::text) || audit_field(seq::text)
    || audit_field((extract(epoch from act.at) * 1000)::bigint::text)
    || audit_field(act.id::text) || audit_field(array_to_string(act.logs, ',')) || audit_field(act.act)
    || audit_field(act.actor::text) || audit_field(act.credential) || audit_field(act.credential_id)
    || audit_field(act.face) || audit_field(act.operation) || audit_field(act.concerned::text)
    || audit_field(array_to_string(act.subjects, ',')) || audit_field(act.subject_count::text)
    || audit_field(act.details::text), 'UTF8'));
end $$;

-- A log is locked by one transaction at a time, until it ends.
create function log_lock(log uuid) returns bigint language sql immutable parallel safe
  return hashtextextended('audit log ' || log, 0);

-- Puts what waits for its place in the log, and then `own`, into the order. Whoever calls it has locked the log: the one
-- who had it before has committed, so that the end of the log is seen as it is.
create function chain_acts(log uuid, own audit_acts) returns void language plpgsql security definer set search_path = public as $$
declare
  head audit_heads;
  next_hash bytea;
  each_act audit_acts;
begin
  select * into head from audit_heads where log_id = log;
  if head.log_id is null then return; end if;
  for each_act in
    with waited as (delete from audit_pending where log_id = log returning act_id),
      acts as (select a.* from waited w join audit_acts a on a.id = w.act_id order by a.id)
    select * from acts union all select (own).* where (own).id is not null
  loop
    next_hash := audit_hash(head.hash, log, head.seq + 1, each_act);
    insert into audit_chain (log_id, seq, act_id, previous_hash, hash)
      values (log, head.seq + 1, each_act.id, head.hash, next_hash);
    head.seq := head.seq + 1;
    head.hash := next_hash;
  end loop;
  update audit_heads set seq = head.seq, hash = head.hash where log_id = log and seq <> head.seq;
end $$;

-- Runs at commit, so that a log is locked for no longer than it takes to write to the disk. Nobody waits for it: what
-- comes meanwhile is left to the next one, or to the job that looks every few seconds.
create function chain_act() returns trigger language plpgsql security definer set search_path = public as $$
declare
  log uuid;
begin
  foreach log in array new.logs loop
    if pg_try_advisory_xact_lock(log_lock(log)) then perform chain_acts(log, new);
    else insert into audit_pending (log_id, act_id) values (log, new.id);
    end if;
  end loop;
  return null;
end $$;
create constraint trigger audit_acts_chained after insert on audit_acts
  deferrable initially deferred for each row execute function chain_act();

-- Of one log, or of all; answers how many logs had something waiting that could be settled.
create function chain_pending(asked uuid default null) returns integer
  language plpgsql security definer set search_path = public as $$
declare
  log uuid;
  settled integer := 0;
begin
  for log in select distinct log_id from audit_pending where asked is null or log_id = asked loop
    if not pg_try_advisory_xact_lock(log_lock(log)) then continue; end if;
    perform chain_acts(log, null);
    settled := settled + 1;
  end loop;
  return settled;
end $$;
-- A viewer sees what they have just done: here alone somebody waits, for one commit, and holds nothing meanwhile.
create function chain_own_acts() returns void language plpgsql security definer set search_path = public as $$
declare
  log uuid := (select log_id from audit_logs where owner_id = picard_viewer_id());
begin
  if not exists (select from audit_pending where log_id = log) then return; end if;
  perform pg_advisory_xact_lock(log_lock(log));
  perform chain_acts(log, null);
end $$;

-- An account that is gone has no log to write to. `picard.actor` says who acts, and through what (storage/acting.ts);
-- a viewer's transaction has at least its viewer, and what people do with pages of ours they do to their own account.
create function append_audit(accounts uuid[], act text, subjects uuid[], details json default null, concerned uuid default null)
  returns void language plpgsql security definer set search_path = public as $$
declare
  acting json := coalesce(nullif(current_setting('picard.actor', true), ''), '{}')::json;
  actor_account uuid := coalesce((acting ->> 'account')::uuid, picard_viewer_id(),
    case when acting ->> 'face' in ('page', 'oauth') and act not in ('SIGN_IN_FAILED', 'APP_ACCESS_ENDED') then accounts[1] end);
  actor_log uuid := (select log_id from audit_logs where owner_id = actor_account);
  ids uuid[];
begin
  if accounts is null then ids := array[picard_server_log()];
  else
    ids := array(
      select l.log_id from unnest(accounts) with ordinality as given (account, place)
      join audit_logs l on l.owner_id = given.account group by l.log_id order by min(given.place));
  end if;
  if actor_log is not null and actor_log <> all (ids) then ids := ids || actor_log; end if;
  if ids = '{}' then return; end if;
  insert into audit_acts
    (logs, act, actor, credential, credential_id, face, operation, concerned, subjects, subject_count, details)
  values (ids, append_audit.act, actor_log, acting ->> 'credential', acting ->> 'credentialId',
    coalesce(acting ->> 'face', 'server'), acting ->> 'operation',
    (select log_id from audit_logs where owner_id = append_audit.concerned),
    coalesce(subjects[1:500], '{}'), coalesce(cardinality(subjects), 0), details);
end $$;

-- What has no row of its own.
create function record_own_act(act text) returns void language plpgsql security definer set search_path = public as $$
begin
  if act not in ('EXPORT_BEGUN') then raise exception 'A viewer cannot record %', act; end if;
  perform append_audit(array[picard_viewer_id()], act, '{}');
end $$;
create function record_sign_in(account uuid, succeeded boolean, means text) returns void
  language sql security definer set search_path = public as $$
  select append_audit(array[account], case when succeeded then 'SIGNED_IN' else 'SIGN_IN_FAILED' end, '{}',
    json_build_object('means', means))
$$;
create function record_server_act(act text, details json) returns void
  language sql security definer set search_path = public as $$ select append_audit(null, act, '{}', details) $$;

-- Whose logs these are; of accounts that are gone nothing comes back. Ids of logs cannot be guessed.
create function accounts_of_logs(asked uuid[]) returns table (log_id uuid, account_id uuid)
  language sql stable security definer set search_path = public as $$
  select l.log_id, l.owner_id from audit_logs l where l.log_id = any (asked)
$$;
create function picard_log_id() returns uuid language sql stable parallel safe security definer set search_path = public
  return (select l.log_id from audit_logs l where l.owner_id = picard_viewer_id());

-- Acts of tables: the statement that changes a row writes its entry, so that no use case can forget it -----------------

create function audit_memories() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'MEMORY_SUBMITTED', array_agg(id)) from after group by owner_id;
  elsif tg_op = 'DELETE' then
    perform append_audit(array[owner_id], 'MEMORY_ERASED', array_agg(id)) from before group by owner_id;
  else
    perform append_audit(array[owner_id], act, ids, details) from (
      select n.owner_id, case when o.deleted_at is null and n.deleted_at is not null then 'MEMORY_DELETED'
          when o.deleted_at is not null and n.deleted_at is null then 'MEMORY_UNDELETED' else 'MEMORY_UPDATED' end as act,
        array_agg(n.id) as ids,
        json_build_object('changed', array_remove(array[
          case when bool_or(n.content_version <> o.content_version) then 'text' end,
          case when bool_or(n.kind <> o.kind) then 'kind' end,
          case when bool_or(n.tags <> o.tags) then 'tags' end,
          case when bool_or((n.source, n.source_id) is distinct from (o.source, o.source_id)) then 'source' end,
          case when bool_or((n.thread, n.position) is distinct from (o.thread, o.position)) then 'thread' end,
          case when bool_or(n.language <> o.language) then 'language' end,
          case when bool_or(n.trust <> o.trust) then 'trust' end,
          case when bool_or(n.occurred_at is distinct from o.occurred_at) then 'occurredAt' end,
          case when bool_or(n.expires_at is distinct from o.expires_at) then 'expiresAt' end,
          case when bool_or(n.visibility <> o.visibility) then 'visibility' end], null),
          'visibility', case when bool_or(n.visibility <> o.visibility) and min(n.visibility) = max(n.visibility)
            then min(n.visibility) end) as details
      from before o join after n on n.owner_id = o.owner_id and n.id = o.id group by 1, 2) each_act;
  end if;
  return null;
end $$;

create function audit_grant(level text, rule boolean, audience uuid) returns json
  language sql stable security definer set search_path = public
  return json_build_object('level', level, 'on', case when rule then 'rule' else 'memory' end,
    'group', (select id from groups where id = audience));

create function audit_grants() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'ACCESS_GRANTED', array_agg(coalesce(memory_id, id)),
      audit_grant(level, memory_id is null, audience_id), audience_id)
      from after group by owner_id, audience_id, level, memory_id is null;
  elsif tg_op = 'UPDATE' then
    perform append_audit(array[owner_id], 'ACCESS_CHANGED', array_agg(coalesce(memory_id, id)),
      audit_grant(level, memory_id is null, audience_id), audience_id)
      from after group by owner_id, audience_id, level, memory_id is null;
  else
    perform append_audit(array[owner_id], 'ACCESS_REVOKED', array_agg(coalesce(memory_id, id)),
      audit_grant(level, memory_id is null, audience_id), audience_id)
      from before group by owner_id, audience_id, level, memory_id is null;
  end if;
  return null;
end $$;

create function audit_groups() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit('{}', 'GROUP_CREATED', array_agg(id)) from after having count(*) > 0;
  else
    perform append_audit('{}', 'GROUP_UPDATED', array_agg(id)) from after having count(*) > 0;
  end if;
  return null;
end $$;
-- While its members are known.
create function audit_group_deleted() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform append_audit(array(select user_id from group_members where group_id = old.id order by joined_at, user_id),
    'GROUP_DELETED', array[old.id]);
  return old;
end $$;

create function audit_group_members() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    -- Who makes a group owns it.
    perform append_audit(array[user_id], 'GROUP_JOINED', array[group_id], json_build_object('role', role))
      from after where role <> 'owner';
  elsif tg_op = 'UPDATE' then
    perform append_audit(array[n.user_id], 'GROUP_ROLE_CHANGED', array[n.group_id],
        json_build_object('role', n.role, 'before', o.role), n.user_id)
      from before o join after n on n.group_id = o.group_id and n.user_id = o.user_id where n.role <> o.role;
  else
    perform append_audit(array[user_id], case when user_id = picard_viewer_id() then 'GROUP_LEFT' else 'GROUP_MEMBER_REMOVED' end,
        array[group_id], null, user_id)
      from before b where exists (select from groups where id = b.group_id);
  end if;
  return null;
end $$;

create function audit_group_invitations() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'DELETE' then
    -- One that was accepted tells itself by who joined, in this very transaction; a group takes its own along.
    perform append_audit(array_remove(array[invitee_id], null),
        case when invitee_id = picard_viewer_id() then 'GROUP_INVITATION_DECLINED' else 'GROUP_INVITATION_REVOKED' end,
        array[group_id, id], null, invitee_id)
      from before b where exists (select from groups where id = b.group_id) and not exists (
        select from group_members m
        where m.group_id = b.group_id and m.user_id = picard_viewer_id() and m.joined_at = now()::timestamptz(3));
  else
    perform append_audit(array_remove(array[invitee_id], null), 'GROUP_INVITED', array[group_id, id],
        json_build_object('role', role, 'by', case when invitee_id is null then 'link' else 'handle' end), invitee_id)
      from after;
  end if;
  return null;
end $$;

create function audit_users() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    with made as (insert into audit_logs (owner_id) select id from after returning log_id)
    insert into audit_heads (log_id) select log_id from made;
    perform append_audit(array[id], 'ACCOUNT_CREATED', '{}', json_build_object('administrator', administrator)) from after;
  else
    perform append_audit(array[n.id], case when o.claimed_at is null and n.claimed_at is not null then 'ACCOUNT_CLAIMED'
        when o.administrator <> n.administrator then 'ADMINISTRATOR_CHANGED' else 'PROFILE_UPDATED' end, '{}',
        json_build_object('changed', array_remove(array[
          case when n.handle <> o.handle then 'handle' end, case when n.display_name <> o.display_name then 'displayName' end,
          case when n.about <> o.about then 'about' end,
          case when n.administrator <> o.administrator then 'administrator' end], null)))
      from before o join after n on n.id = o.id
      where (n.handle, n.display_name, n.about, n.administrator, n.claimed_at)
        is distinct from (o.handle, o.display_name, o.about, o.administrator, o.claimed_at);
  end if;
  return null;
end $$;
-- The last entry; what goes with the account finds no log any more.
create function audit_user_deleted() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform append_audit(array[old.id], 'ACCOUNT_DELETED', '{}');
  delete from audit_logs where owner_id = old.id;
  return old;
end $$;

create function audit_api_keys() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'API_KEY_CREATED', array[id], json_build_object('scopes', scopes, 'faces', faces)) from after;
  elsif tg_op = 'DELETE' then
    perform append_audit(array[owner_id], 'API_KEY_REVOKED', array_agg(id)) from before group by owner_id;
  else
    perform append_audit(array[n.owner_id], 'API_KEY_ROTATED', array[n.id])
      from before o join after n on n.owner_id = o.owner_id and n.id = o.id where n.secret_hash <> o.secret_hash;
  end if;
  return null;
end $$;

create function audit_passkeys() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'PASSKEY_ADDED', '{}') from after;
  elsif tg_op = 'DELETE' then
    perform append_audit(array[owner_id], 'PASSKEY_DELETED', '{}') from before;
  else
    perform append_audit(array[n.owner_id], 'PASSKEY_RENAMED', '{}')
      from before o join after n on n.credential_id = o.credential_id where n.name <> o.name;
  end if;
  return null;
end $$;

create function audit_passwords() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'PASSWORD_SET', '{}') from after;
  else
    -- The same password hashed anew keeps its time.
    perform append_audit(array[n.owner_id], 'PASSWORD_CHANGED', '{}')
      from before o join after n on n.owner_id = o.owner_id where n.changed_at <> o.changed_at;
  end if;
  return null;
end $$;

create function audit_recovery_codes() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform append_audit(array[owner_id], 'RECOVERY_CODES_RENEWED', '{}', json_build_object('codes', count(*))) from after group by owner_id;
  return null;
end $$;

create function audit_account_links() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform append_audit(array[owner_id], 'ACCOUNT_LINK_CREATED', '{}', json_build_object('purpose', purpose)) from after;
  return null;
end $$;

create function audit_connected_apps() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'APP_CONNECTED', '{}', json_build_object('app', client_id)) from after;
  elsif tg_op = 'DELETE' then
    perform append_audit(array[owner_id], 'APP_DISCONNECTED', '{}', json_build_object('app', client_id)) from before;
  else
    perform append_audit(array[n.owner_id], case when n.paused_at is null and o.paused_at is not null then 'APP_RESUMED'
        when o.paused_at is null and n.paused_at is not null then 'APP_PAUSED' else 'APP_RENAMED' end, '{}',
        json_build_object('app', n.client_id))
      from before o join after n on n.owner_id = o.owner_id and n.client_id = o.client_id
      where n.name <> o.name or (n.paused_at is null) <> (o.paused_at is null);
  end if;
  return null;
end $$;

-- What an app is allowed, and the end of that: what the sweeper finds expired ended by itself.
create function audit_app_grants() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[account_id], 'APP_ALLOWED', '{}', json_build_object('app', client_id))
      from after where model = 'Grant' and account_id is not null;
  elsif current_setting('role') <> 'picard_jobs' then
    perform append_audit(array[account_id], 'APP_ACCESS_ENDED', '{}', json_build_object('app', client_id))
      from before where model = 'Grant' and account_id is not null;
  end if;
  return null;
end $$;

create function audit_sessions() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(array[owner_id], 'SESSION_BEGUN', array[id]) from after;
  elsif current_setting('role') <> 'picard_jobs' then
    perform append_audit(array[owner_id], 'SESSION_ENDED', array_agg(id)) from before group by owner_id;
  end if;
  return null;
end $$;

create function audit_signing_keys() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    perform append_audit(null, 'SIGNING_KEY_CREATED', '{}', json_build_object('key', id)) from after;
  elsif current_setting('role') <> 'picard_jobs' then
    perform append_audit(null, 'SIGNING_KEYS_REVOKED', '{}', json_build_object('keys', json_agg(id))) from before having count(*) > 0;
  end if;
  return null;
end $$;

do $$
declare
  of record;
  op text;
begin
  for of in select * from (values
    ('memories', 'audit_memories', '{insert,update,delete}'::text[]), ('grants', 'audit_grants', '{insert,update,delete}'),
    ('groups', 'audit_groups', '{insert,update}'), ('group_members', 'audit_group_members', '{insert,update,delete}'),
    ('group_invitations', 'audit_group_invitations', '{insert,update,delete}'),
    ('users', 'audit_users', '{insert,update}'), ('api_keys', 'audit_api_keys', '{insert,update,delete}'),
    ('passkeys', 'audit_passkeys', '{insert,update,delete}'), ('passwords', 'audit_passwords', '{insert,update}'),
    ('recovery_codes', 'audit_recovery_codes', '{insert}'), ('account_links', 'audit_account_links', '{insert}'),
    ('connected_apps', 'audit_connected_apps', '{insert,update,delete}'),
    ('oauth_models', 'audit_app_grants', '{insert,delete}'), ('sessions', 'audit_sessions', '{insert,delete}'),
    ('signing_keys', 'audit_signing_keys', '{insert,delete}')) as each_table (name, func, ops)
  loop
    foreach op in array of.ops loop
      execute format('create trigger %I after %s on %I referencing %s for each statement execute function %I()',
        of.func || '_' || op, op, of.name,
        case op when 'insert' then 'new table as after' when 'delete' then 'old table as before'
          else 'old table as before new table as after' end, of.func);
    end loop;
  end loop;
end $$;
create trigger audit_group_deleted before delete on groups for each row execute function audit_group_deleted();
create trigger audit_user_deleted before delete on users for each row execute function audit_user_deleted();

-- Roles and row-level security ---------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  grant create on schema public to picard_audit;
  foreach name in array array['audit_logs', 'audit_acts', 'audit_chain', 'audit_heads', 'audit_pending', 'audit_checkpoints'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy audit_rows on %I to picard_audit using (true)', name);
    execute format('create policy jobs_rows on %I for select to picard_jobs using (true)', name);
    execute format('grant select on %I to picard_jobs', name);
  end loop;
  foreach name in array array['groups', 'group_members'] loop
    execute format('create policy audit_rows on %I for select to picard_audit using (true)', name);
    execute format('grant select on %I to picard_audit', name);
  end loop;
  for name in
    select oid::regprocedure from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef
      and (proname like 'audit\_%' or proname in ('chain_act', 'chain_acts', 'chain_pending', 'chain_own_acts', 'append_audit', 'record_own_act', 'record_sign_in',
        'record_server_act', 'accounts_of_logs', 'picard_log_id'))
  loop
    execute format('alter function %s owner to picard_audit', name);
    execute format('revoke execute on function %s from public', name);
  end loop;
  revoke create on schema public from picard_audit;
end $$;
grant select, insert, delete on audit_logs to picard_audit;
grant select, insert on audit_acts, audit_chain to picard_audit;
grant select, insert, update on audit_heads to picard_audit;
grant select, insert, delete on audit_pending to picard_audit;

create policy jobs_sign on audit_checkpoints for insert to picard_jobs with check (true);
grant insert on audit_checkpoints to picard_jobs;

-- A viewer reads their own log, and writes none.
create policy own_rows on audit_logs for select to picard_viewer using (owner_id = picard_viewer_id());
create policy own_rows on audit_acts for select to picard_viewer using ((select picard_log_id()) = any (logs));
create policy own_rows on audit_chain for select to picard_viewer using (log_id = (select picard_log_id()));
create policy own_rows on audit_checkpoints for select to picard_viewer using (log_id = (select picard_log_id()));
grant select on audit_logs, audit_acts, audit_chain, audit_checkpoints to picard_viewer;
grant execute on function accounts_of_logs, picard_log_id, record_own_act, chain_own_acts to picard_viewer;
grant execute on function accounts_of_logs, record_server_act, chain_pending to picard_jobs;
grant execute on function record_sign_in to picard_accounts;
