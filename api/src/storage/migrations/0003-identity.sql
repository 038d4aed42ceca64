-- How people sign in -----------------------------------------------------------------------------------------------

alter table users add column about text not null default '';

-- Keys that could write could also manage keys, which is a scope of its own now.
update api_keys set scopes = scopes || '{account:manage}' where 'memories:write' = any (scopes);

create table passwords (
  owner_id uuid primary key references users on delete cascade,
  hash text not null,
  changed_at timestamptz(3) not null default now()
);

create table passkeys (
  owner_id uuid not null references users on delete cascade,
  -- As WebAuthn gives it, base64url.
  credential_id text not null,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  primary key (owner_id, credential_id)
);
create unique index passkeys_by_credential on passkeys (credential_id);

-- Each is good for one answer of an authenticator.
create table passkey_challenges (
  challenge text primary key,
  -- Null for a sign-in, which begins before it is known whose it will be.
  owner_id uuid references users on delete cascade,
  expires_at timestamptz not null
);

create table recovery_codes (
  owner_id uuid not null references users on delete cascade,
  code_hash bytea not null,
  primary key (owner_id, code_hash)
);

-- One-time links: to claim an account that was made for somebody, and to set a new password.
create table account_links (
  token_hash bytea primary key,
  owner_id uuid not null references users on delete cascade,
  purpose text not null check (purpose in ('claim', 'reset')),
  expires_at timestamptz not null
);

-- As rate-limiter-flexible keeps its counters.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

-- Authorization server ---------------------------------------------------------------------------------------------

-- What the authorization server remembers: grants, codes, tokens, sessions, clients. Ids are the tokens themselves, so
-- only their hashes are kept, and payloads, which hold secrets, are sealed under the server's key.
create table oauth_models (
  model text not null,
  id_hash bytea not null,
  sealed bytea not null,
  grant_id text,
  user_code_hash bytea,
  uid_hash bytea,
  account_id uuid references users on delete cascade,
  client_id text,
  -- Of a refresh token: the one it took the place of.
  replaces bytea,
  -- Of a client: when it was first allowed something.
  consumed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  primary key (model, id_hash)
);
create index oauth_models_by_grant on oauth_models (grant_id) where grant_id is not null;
create unique index oauth_models_by_user_code on oauth_models (user_code_hash) where user_code_hash is not null;
create index oauth_models_by_uid on oauth_models (model, uid_hash) where uid_hash is not null;
create index oauth_models_by_predecessor on oauth_models (replaces) where replaces is not null;
create index oauth_models_by_account on oauth_models (account_id, model) where account_id is not null;
create index oauth_models_by_client on oauth_models (client_id, model) where client_id is not null;
create index oauth_models_by_expiry on oauth_models (expires_at) where expires_at is not null;

-- JWT access tokens that ended before their time: one token by `jti`, or all of a grant.
create table revoked_tokens (
  kind text not null check (kind in ('token', 'grant')),
  key text not null,
  expires_at timestamptz not null,
  primary key (kind, key)
);
create index revoked_tokens_by_expiry on revoked_tokens (expires_at);

create table signing_keys (
  id text primary key,
  public_jwk jsonb not null,
  sealed bytea not null,
  created_at timestamptz not null default now(),
  -- Published from the first, so that everybody has it by then.
  signs_from timestamptz not null,
  expires_at timestamptz
);

-- What a person has connected; the name is theirs to change.
create table connected_apps (
  owner_id uuid not null references users on delete cascade,
  client_id text not null,
  name text not null,
  paused_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  primary key (owner_id, client_id)
);

-- Where a person is signed in, as they will recognise it.
create table sessions (
  owner_id uuid not null references users on delete cascade,
  id uuid not null,
  -- Of the authorization server's own row.
  uid_hash bytea not null unique,
  user_agent text not null,
  created_at timestamptz(3) not null default now(),
  last_seen_at timestamptz(3) not null default now(),
  primary key (owner_id, id)
);

-- The server's own data key, wrapped like everybody's: it seals what belongs to no account.
create table server_keys (
  name text primary key,
  master_key_version integer not null,
  wrapped bytea not null
);

-- Row-level security ------------------------------------------------------------------------------------------------

do $$
declare
  table_name text;
begin
  foreach table_name in array array[
    'passwords', 'passkeys', 'passkey_challenges', 'recovery_codes', 'account_links', 'connected_apps', 'sessions'
  ] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy own_rows on %I to picard_viewer using (owner_id = picard_viewer_id())', table_name);
    execute format('create policy accounts_rows on %I to picard_accounts using (true)', table_name);
    execute format('create policy jobs_rows on %I to picard_jobs using (true)', table_name);
    execute format('grant select, insert, update, delete on %I to picard_accounts', table_name);
  end loop;
  -- Password hashes and links are of no use to a viewer, not even their own.
  foreach table_name in array array['passkeys', 'passkey_challenges', 'recovery_codes', 'connected_apps', 'sessions'] loop
    execute format('grant select, insert, update, delete on %I to picard_viewer', table_name);
  end loop;
  -- Nobody's own: only whoever signs people in, and the jobs that clear up, come near them.
  foreach table_name in array array['oauth_models', 'revoked_tokens', 'signing_keys', 'rate_limits', 'server_keys'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy accounts_rows on %I to picard_accounts using (true)', table_name);
    execute format('create policy jobs_rows on %I to picard_jobs using (true)', table_name);
    execute format('grant select, insert, update, delete on %I to picard_accounts', table_name);
  end loop;
end $$;
grant select, delete on oauth_models, revoked_tokens, signing_keys, sessions, rate_limits, passkey_challenges, account_links to picard_jobs;
grant select, update on server_keys to picard_jobs;
-- Nobody makes administrators of accounts that are there.
grant update (handle, display_name, about) on users to picard_viewer;
grant update (handle, display_name, claimed_at) on users to picard_accounts;
grant delete on users, api_keys to picard_accounts;
-- An account that is deleted takes its words with it, and the counts of them, which no foreign key reaches.
create policy accounts_rows on memory_keywords to picard_accounts using (true);
create policy accounts_rows on word_statistics to picard_accounts using (true);
grant select (owner_id), delete on memory_keywords, word_statistics to picard_accounts;
