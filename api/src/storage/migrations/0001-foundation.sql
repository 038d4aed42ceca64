create extension if not exists vector;

-- Roles belong to the cluster, not to the database: another database of the same cluster may have made them already.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['picard_viewer', 'picard_jobs', 'picard_accounts', 'picard_search'] loop
    begin
      execute format('create role %I nologin', role_name);
    exception when duplicate_object or unique_violation then null;
    end;
    execute format('grant %I to current_user', role_name);
    execute format('grant usage on schema public to %I', role_name);
  end loop;
end $$;

create function picard_viewer_id() returns uuid language sql stable
  return nullif(current_setting('picard.viewer_id', true), '')::uuid;

-- Accounts ------------------------------------------------------------------------------------------------------

create table users (
  id uuid primary key,
  handle text not null constraint users_handle unique,
  display_name text not null,
  administrator boolean not null default false,
  claimed_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);

create table api_keys (
  owner_id uuid not null references users on delete cascade,
  id uuid not null,
  name text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  faces text[] not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  primary key (owner_id, id)
);
create index api_keys_by_secret on api_keys (secret_hash);

create table data_keys (
  owner_id uuid primary key references users on delete cascade,
  master_key_version integer not null,
  wrapped bytea not null
);
create index data_keys_by_master_key on data_keys (master_key_version);

-- Memories ------------------------------------------------------------------------------------------------------

create table memories (
  owner_id uuid not null references users on delete cascade,
  id uuid not null,
  version integer not null,
  content_version integer not null,
  kind text not null,
  tags text[] not null,
  source text,
  source_id text,
  thread text,
  position integer,
  language text not null,
  trust text not null,
  occurred_at timestamptz(3),
  created_at timestamptz(3) not null,
  modified_at timestamptz(3) not null,
  expires_at timestamptz(3),
  deleted_at timestamptz(3),
  primary key (owner_id, id)
);
create index memories_by_id on memories (id);
create index memories_by_creation on memories (owner_id, created_at, id);
create index memories_by_modification on memories (owner_id, modified_at, id);
create index memories_by_occurrence on memories (owner_id, coalesce(occurred_at, created_at), id);
create index memories_by_thread on memories (owner_id, thread, position) where thread is not null;
create index memories_in_trash on memories (deleted_at) where deleted_at is not null;
-- What a search without a filter leaves out.
create index memories_hidden on memories (owner_id, id) where deleted_at is not null or expires_at is not null;
create unique index memories_source on memories (owner_id, source, source_id) nulls not distinct
  where source_id is not null and deleted_at is null;

-- Every content version of a memory's text, sealed; the row of `memories` says which one is current.
create table memory_texts (
  owner_id uuid not null,
  memory_id uuid not null,
  content_version integer not null,
  sealed bytea not null,
  primary key (owner_id, memory_id, content_version),
  foreign key (owner_id, memory_id) references memories on delete cascade
);

-- What a memory was before its present version.
create table memory_versions (
  owner_id uuid not null,
  memory_id uuid not null,
  version integer not null,
  content_version integer not null,
  kind text not null,
  tags text[] not null,
  source text,
  source_id text,
  thread text,
  position integer,
  language text not null,
  trust text not null,
  occurred_at timestamptz(3),
  modified_at timestamptz(3) not null,
  expires_at timestamptz(3),
  primary key (owner_id, memory_id, version),
  foreign key (owner_id, memory_id) references memories on delete cascade
);

-- Search --------------------------------------------------------------------------------------------------------

-- The keyed (blind) word index: one row for each audience that may find the memory by word. A memory in the trash
-- has none, so document frequencies count what can be found.
create table memory_keywords (
  owner_id uuid not null,
  memory_id uuid not null,
  audience_id uuid not null,
  key_version integer not null,
  -- As in `memories`: search counts the words of a thread without looking at its memories one by one.
  thread text,
  tokens bigint[] not null,
  counts integer[] not null,
  length integer not null,
  primary key (owner_id, memory_id, audience_id),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
-- Without fastupdate every search would first scan the list of entries not yet merged.
create index memory_keywords_tokens on memory_keywords using gin (tokens) with (fastupdate = off);
create index memory_keywords_statistics on memory_keywords (owner_id, audience_id) include (length, thread);

create table embedding_models (
  id integer generated always as identity primary key,
  key text not null unique,
  dimensions integer not null,
  state text not null check (state in ('building', 'active', 'retired'))
);
create unique index embedding_models_active on embedding_models (state) where state = 'active';

create table memory_embeddings (
  owner_id uuid not null,
  model_id integer not null references embedding_models,
  memory_id uuid not null,
  chunk integer not null,
  embedding halfvec not null,
  primary key (owner_id, model_id, memory_id, chunk),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
-- Reading a vector from beside the row costs three to five times the scan.
alter table memory_embeddings alter column embedding set storage plain;
create index memory_embeddings_by_memory on memory_embeddings (owner_id, memory_id);

-- The row is the queue: it is written with the memory and goes when the vectors are in.
create table pending_embeddings (
  owner_id uuid not null,
  memory_id uuid not null,
  model_id integer not null references embedding_models on delete cascade,
  content_version integer not null,
  attempts integer not null default 0,
  run_after timestamptz not null default now(),
  primary key (owner_id, memory_id, model_id),
  foreign key (owner_id, memory_id) references memories on delete cascade
);
create index pending_embeddings_by_time on pending_embeddings (run_after);

-- Row-level security: a statement sees the rows of its viewer, even if it forgot to ask for them alone. --------------

alter table users enable row level security;
alter table users force row level security;
create policy own_rows on users to picard_viewer using (id = picard_viewer_id());
create policy accounts_rows on users to picard_accounts using (true);
create policy jobs_rows on users to picard_jobs using (true);

do $$
declare
  table_name text;
begin
  foreach table_name in array array[
    'api_keys', 'data_keys', 'memories', 'memory_texts', 'memory_versions', 'memory_keywords', 'memory_embeddings',
    'pending_embeddings'
  ] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy own_rows on %I to picard_viewer using (owner_id = picard_viewer_id())', table_name);
    execute format('create policy jobs_rows on %I to picard_jobs using (true)', table_name);
  end loop;
end $$;
create policy accounts_rows on api_keys to picard_accounts using (true);
create policy accounts_rows on data_keys to picard_accounts using (true);

grant select on users, data_keys, embedding_models to picard_viewer;
grant select, insert, update, delete on
  api_keys, memories, memory_texts, memory_versions, memory_keywords, memory_embeddings, pending_embeddings to picard_viewer;
grant select, insert on users to picard_accounts;
grant select, insert, update on api_keys to picard_accounts;
grant select, insert on data_keys to picard_accounts;
grant select on memories, memory_texts to picard_jobs;
grant delete on memories to picard_jobs;
grant select, update on data_keys to picard_jobs;
grant select, insert, update, delete on embedding_models, memory_embeddings, pending_embeddings to picard_jobs;

-- Row-level security keeps the planner from using an index whose operator might tell of rows that it hides, and array
-- operators count as such: the viewer's role would read all of its rows for each search. This function may use the
-- index, and answers for nobody but the viewer.
create policy search_rows on memory_keywords to picard_search using (true);
grant select on memory_keywords to picard_search;

create function find_keywords(asked bigint[])
  returns table (memory_id uuid, thread text, length integer, token bigint, frequency float8)
  language sql stable security definer set search_path = public
as $$
  select * from (
    -- The fence lets each array be searched once: where the word is missing, so is its count.
    select k.memory_id, k.thread, k.length, word.token,
      k.counts[array_position(k.tokens, word.token)]::float8 as frequency
    from memory_keywords k cross join unnest(asked) as word (token)
    where k.tokens && asked and k.owner_id = picard_viewer_id() and k.audience_id = picard_viewer_id()
    offset 0
  ) pairs where frequency is not null
$$;

grant create on schema public to picard_search;
alter function find_keywords owner to picard_search;
revoke create on schema public from picard_search;
revoke execute on function find_keywords from public;
grant execute on function find_keywords to picard_viewer;
