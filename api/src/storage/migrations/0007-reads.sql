-- Who saw what --------------------------------------------------------------------------------------------------------

-- How long reads of one's own memories are kept; 0 keeps none.
alter table users add column reads_kept_days integer not null default 90 check (reads_kept_days between 0 and 730);
grant update (reads_kept_days) on users to picard_viewer;
grant select (id, reads_kept_days) on users to picard_jobs;

-- One row for all reads of a memory, by one account through one app, within an hour of the clock. No text, no tags.
create table memory_reads (
  owner_id uuid not null,
  id uuid not null default gen_random_uuid(),
  memory_id uuid not null,
  -- Null once the account is gone: then nothing tells two such accounts apart.
  reader_id uuid references users on delete set null,
  app_kind text not null check (app_kind in ('APP', 'KEY')),
  -- The client, or the API key; empty for another person's key, and once the account is gone.
  app_id text not null,
  face text not null,
  way text not null,
  hour timestamptz(3) not null,
  count bigint not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  -- In the order of the list, whose keys never change: a page is not moved by what is read meanwhile.
  primary key (owner_id, first_at, id),
  foreign key (owner_id, memory_id) references memories on delete cascade,
  unique (owner_id, memory_id, reader_id, app_kind, app_id, face, way, hour)
);
create index memory_reads_by_reader on memory_reads (reader_id, owner_id);

-- With the account go the ids of its apps.
create function forget_reading_app() returns trigger language plpgsql as $$
begin
  new.app_id := '';
  return new;
end $$;
create trigger memory_reads_forget before update of reader_id on memory_reads
  for each row when (new.reader_id is null) execute function forget_reading_app();

alter table memory_reads enable row level security;
alter table memory_reads force row level security;
create policy own_rows on memory_reads to picard_viewer using (owner_id = picard_viewer_id());
create policy jobs_rows on memory_reads to picard_jobs using (true);
grant select, delete on memory_reads to picard_viewer;
grant select, insert, update, delete on memory_reads to picard_jobs;

-- Whoever reads somebody's memories is known to them.
create policy reader_rows on users for select to picard_viewer using (
  exists (select from memory_reads r where r.reader_id = users.id));
