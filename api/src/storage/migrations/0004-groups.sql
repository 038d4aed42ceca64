-- Groups -------------------------------------------------------------------------------------------------------------

create table groups (
  -- An audience like an account: nobody chooses the id of one.
  id uuid primary key default gen_random_uuid(),
  name text not null,
  about text not null default '',
  created_at timestamptz(3) not null default now()
);

create table group_members (
  group_id uuid not null references groups on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('owner', 'manager', 'member')),
  joined_at timestamptz(3) not null default now(),
  primary key (group_id, user_id)
);
create index group_members_by_user on group_members (user_id, group_id);

-- For one account, or for whoever brings the link. Each is good once.
create table group_invitations (
  id uuid primary key,
  group_id uuid not null references groups on delete cascade,
  invitee_id uuid references users on delete cascade,
  token_hash bytea unique,
  role text not null check (role in ('manager', 'member')),
  invited_by uuid references users on delete set null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  check ((invitee_id is null) <> (token_hash is null))
);
create index group_invitations_by_group on group_invitations (group_id, created_at, id);
create unique index group_invitations_by_invitee on group_invitations (invitee_id, group_id) where invitee_id is not null;
create index group_invitations_by_inviter on group_invitations (invited_by) where invited_by is not null;

-- Audiences ----------------------------------------------------------------------------------------------------------

-- Who may see something: an account or a group, by its id, or everyone.
create function picard_everyone() returns uuid language sql immutable parallel safe
  return '00000000-0000-4000-8000-000000000000'::uuid;

-- Those that the viewer belongs to: themselves, everyone, and each group they are in. Without a viewer there are none.
create function picard_audiences() returns uuid[] language sql stable parallel safe security definer set search_path = public
  return case when picard_viewer_id() is null then '{}'::uuid[]
    else array[picard_viewer_id(), picard_everyone()]
      || array(select group_id from group_members where user_id = picard_viewer_id()) end;

create policy search_rows on group_members to picard_search using (true);
grant select (group_id, user_id) on group_members to picard_search;
grant create on schema public to picard_search;
alter function picard_audiences owner to picard_search;
revoke create on schema public from picard_search;
revoke execute on function picard_audiences from public;
grant execute on function picard_audiences to picard_viewer;

-- Groups: what no viewer's own rights can do ---------------------------------------------------------------------------

-- The role behind these functions, which nobody takes on: each answers for the viewer of the transaction alone.
do $$
begin
  create role picard_groups nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant picard_groups to current_user;
grant usage on schema public to picard_groups;

create function picard_groups_as(roles text[]) returns uuid[]
  language sql stable parallel safe security definer set search_path = public
  return array(select group_id from group_members where user_id = picard_viewer_id() and role = any (roles));

-- Whatever changes a group locks the accounts that it names first, then the group: the same order as an account that is
-- deleted, so that neither waits for the other in a circle. Answers the viewer's role; null to whom the group does not have.
create function lock_group(asked uuid, invitee uuid) returns text
  language plpgsql security definer set search_path = public as $$
begin
  perform from users where id in (picard_viewer_id(), invitee) order by id for key share;
  perform from groups where id = asked and id = any (picard_groups_as('{owner,manager,member}')) for update;
  return (select role from group_members where group_id = asked and user_id = picard_viewer_id());
end $$;

-- A group with nobody in it is seen by nobody, not even by whom it was made for: both come at once. Until the transaction
-- ends the viewer joins no other group, so that their groups can be counted.
create function create_group(name text, about text) returns uuid
  language plpgsql security definer set search_path = public as $$
declare
  made uuid;
begin
  perform from users where id = picard_viewer_id() for no key update;
  insert into groups (name, about) values (create_group.name, create_group.about) returning id into made;
  insert into group_members (group_id, user_id, role) values (made, picard_viewer_id(), 'owner');
  return made;
end $$;

-- The one way into a group that is there, for whom the invitation was made or who knows what its link hashes to. A viewer
-- may not write members at all: a policy that let them would have to take an invitation's word in the same statement that
-- uses it up. No row where the invitation is not good; not joined, and the invitation stays, where the viewer is in already.
create function accept_group_invitation(invitation uuid, hash bytea) returns table (group_id uuid, joined boolean)
  language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
  found_id uuid;
  given text;
begin
  perform from users where id = picard_viewer_id() for no key update;
  select i.id, i.group_id into found_id, accept_group_invitation.group_id from group_invitations i
    where (i.id = invitation and i.invitee_id = picard_viewer_id()) or i.token_hash = hash;
  perform from groups g where g.id = accept_group_invitation.group_id for update;
  -- What was good before the wait for the group may be used up, revoked or over after it.
  select i.role into given from group_invitations i where i.id = found_id and i.expires_at > clock_timestamp();
  if given is null then return; end if;
  joined := not exists (
    select from group_members m
    where m.group_id = accept_group_invitation.group_id and m.user_id = picard_viewer_id());
  if joined then
    insert into group_members (group_id, user_id, role)
      values (accept_group_invitation.group_id, picard_viewer_id(), given);
    delete from group_invitations i
      where i.id = found_id
        or (i.group_id = accept_group_invitation.group_id and i.invitee_id = picard_viewer_id());
  end if;
  return next;
end $$;

-- A group always has an owner, also where an account goes and takes its memberships with it, which no use case sees: the
-- longest-standing manager comes next, else the longest-standing member. A group with nobody left goes.
create function keep_group_owned() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform from groups where id = old.group_id for update;
  if not found or exists (select from group_members where group_id = old.group_id and role = 'owner') then
    return null;
  end if;
  update group_members set role = 'owner'
    where group_id = old.group_id and user_id = (
      select user_id from group_members where group_id = old.group_id
      order by role = 'manager' desc, joined_at, user_id limit 1);
  if not found then delete from groups where id = old.group_id; end if;
  return null;
end $$;
create trigger group_members_owned after delete or update of role on group_members
  for each row when (old.role = 'owner') execute function keep_group_owned();

-- Before its memberships go, see lock_group().
create function lock_groups_of_account() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform from groups
    where id in (select group_id from group_members where user_id = old.id) order by id for update;
  return old;
end $$;
create trigger users_lock_groups before delete on users for each row execute function lock_groups_of_account();

grant create on schema public to picard_groups;
alter function picard_groups_as owner to picard_groups;
alter function lock_group owner to picard_groups;
alter function create_group owner to picard_groups;
alter function accept_group_invitation owner to picard_groups;
alter function keep_group_owned owner to picard_groups;
alter function lock_groups_of_account owner to picard_groups;
revoke create on schema public from picard_groups;
revoke execute on function picard_groups_as, lock_group, create_group, accept_group_invitation, keep_group_owned,
  lock_groups_of_account from public;
grant execute on function picard_groups_as, lock_group, create_group, accept_group_invitation to picard_viewer;

-- Groups: row-level security ------------------------------------------------------------------------------------------

do $$
declare
  table_name text;
begin
  foreach table_name in array array['groups', 'group_members', 'group_invitations'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy groups_rows on %I to picard_groups using (true)', table_name);
    execute format('grant select, insert, update, delete on %I to picard_groups', table_name);
  end loop;
end $$;
-- To lock accounts needs the right to change them, and no change passes this check.
create policy groups_rows on users for select to picard_groups using (true);
create policy groups_locks on users for update to picard_groups using (true) with check (false);
grant select (id), update (id) on users to picard_groups;

-- People see whoever is in a group with them, whom they invited to one, and who invited them.
create policy group_rows on users for select to picard_viewer using (
  exists (
    select from group_members m
    where m.user_id = users.id and m.group_id = any ((select picard_audiences())::uuid[]))
  or exists (select from group_invitations i where i.invitee_id = users.id)
  or exists (select from group_invitations i where i.invited_by = users.id));

create policy group_rows on groups for select to picard_viewer using (id = any ((select picard_audiences())::uuid[]));
create policy invited_rows on groups for select to picard_viewer using (
  exists (select from group_invitations i where i.group_id = groups.id and i.invitee_id = picard_viewer_id()));
create policy managed_rows on groups for update to picard_viewer
  using (id = any ((select picard_groups_as('{owner,manager}'))::uuid[]));
create policy owned_rows on groups for delete to picard_viewer
  using (id = any ((select picard_groups_as('{owner}'))::uuid[]));
grant select, update (name, about), delete on groups to picard_viewer;

create policy group_rows on group_members for select to picard_viewer
  using (group_id = any ((select picard_audiences())::uuid[]));
create policy owned_rows on group_members for update to picard_viewer
  using (group_id = any ((select picard_groups_as('{owner}'))::uuid[]));
create policy stepping_down on group_members for update to picard_viewer
  using (user_id = picard_viewer_id()) with check (user_id = picard_viewer_id() and role = 'member');
create policy managed_rows on group_members for delete to picard_viewer using (
  user_id = picard_viewer_id()
  or group_id = any ((select picard_groups_as('{owner}'))::uuid[])
  or (role = 'member' and group_id = any ((select picard_groups_as('{manager}'))::uuid[])));
grant select, update (role), delete on group_members to picard_viewer;

create policy own_rows on group_invitations for select to picard_viewer
  using (invitee_id = picard_viewer_id() and expires_at > now());
create policy declining on group_invitations for delete to picard_viewer using (invitee_id = picard_viewer_id());
create policy managed_rows on group_invitations for select to picard_viewer
  using (group_id = any ((select picard_groups_as('{owner,manager}'))::uuid[]));
create policy inviting on group_invitations for insert to picard_viewer with check (
  invited_by = picard_viewer_id() and (
    group_id = any ((select picard_groups_as('{owner}'))::uuid[])
    or (role = 'member' and group_id = any ((select picard_groups_as('{manager}'))::uuid[]))));
create policy renewing on group_invitations for update to picard_viewer
  using (
    group_id = any ((select picard_groups_as('{owner}'))::uuid[])
    or (role = 'member' and group_id = any ((select picard_groups_as('{manager}'))::uuid[])))
  with check (
    invited_by = picard_viewer_id() and (
      group_id = any ((select picard_groups_as('{owner}'))::uuid[])
      or (role = 'member' and group_id = any ((select picard_groups_as('{manager}'))::uuid[]))));
create policy revoking on group_invitations for delete to picard_viewer using (
  group_id = any ((select picard_groups_as('{owner}'))::uuid[])
  or ((role = 'member' or expires_at <= now()) and group_id = any ((select picard_groups_as('{manager}'))::uuid[])));
-- What a link hashes to is of use to nobody but accept_group_invitation().
grant select (id, group_id, invitee_id, role, invited_by, created_at, expires_at), insert,
  update (role, invited_by, expires_at), delete on group_invitations to picard_viewer;
