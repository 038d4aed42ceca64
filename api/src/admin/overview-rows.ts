import type { Sql } from '../storage/database.ts';

/** Whole numbers, over all accounts. */
export interface Counts {
  users: number;
  suspendedUsers: number;
  administrators: number;
  memories: number;
  trashedMemories: number;
  bytes: number;
  groups: number;
  clients: number;
  apiKeys: number;
}

export async function countAll(sql: Sql): Promise<Counts> {
  const [row] = await sql<Counts[]>`
    select people.*, held.*,
      (select count(*)::float8 from memories where deleted_at is not null) as trashed_memories,
      (select count(*)::float8 from groups) as groups,
      (select count(distinct client_id)::float8 from connected_apps) as clients,
      (select count(*)::float8 from api_keys) as api_keys
    from (
      select count(*)::float8 as users, count(suspended_at)::float8 as suspended_users,
        count(*) filter (where administrator)::float8 as administrators
      from users) people
    cross join (
      select coalesce(sum(memories), 0)::float8 as memories, coalesce(sum(bytes), 0)::float8 as bytes
      from account_usage) held`;
  if (!row) throw new Error('The database counted nothing');
  return row;
}

export interface DatabaseState {
  version: string;
  sizeBytes: number;
  lastMigration: string;
}

export async function readDatabaseState(sql: Sql): Promise<DatabaseState> {
  const [row] = await sql<DatabaseState[]>`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::float8 as size_bytes,
      (select max(name) from migrations) as last_migration`;
  if (!row) throw new Error('The database tells nothing of itself');
  return row;
}

export interface EmbeddingState {
  /** The model that is being built beside the active one. */
  building: string | null;
  pending: number;
}

export async function readEmbeddingState(sql: Sql): Promise<EmbeddingState> {
  const [row] = await sql<EmbeddingState[]>`
    select (select key from embedding_models where state = 'building' order by id desc limit 1) as building,
      (select count(*)::integer from pending_embeddings) as pending`;
  return row ?? { building: null, pending: 0 };
}

/** Accounts whose data key an older master key wraps. */
export async function countWrappedBefore(sql: Sql, version: number): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::integer as count from data_keys where master_key_version < ${version}`;
  return row?.count ?? 0;
}
