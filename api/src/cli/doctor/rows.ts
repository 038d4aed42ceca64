import type { Database, Sql } from '../../storage/database.ts';

export interface DatabaseFacts {
  /** As `server_version_num`: 150004 is 15.4. */
  serverVersion: number;
  serverVersionText: string;
  /** Null when the extension can neither be used nor made. */
  pgvector: string | null;
  /** Null before the first migration. */
  migrations: string[] | null;
}

export async function readFacts(database: Database): Promise<DatabaseFacts> {
  return database.asOwner(async (sql) => {
    const [row] = await sql<{ version: number; text: string; pgvector: string | null; migrated: boolean }[]>`
      select current_setting('server_version_num')::int as version, current_setting('server_version') as text,
        coalesce((select extversion from pg_extension where extname = 'vector'),
          (select default_version from pg_available_extensions where name = 'vector')) as pgvector,
        to_regclass('migrations') is not null as migrated`;
    if (!row) throw new Error('The database answered nothing');
    const applied = row.migrated ? await sql<{ name: string }[]>`select name from migrations` : null;
    return {
      serverVersion: row.version,
      serverVersionText: row.text,
      pgvector: row.pgvector,
      migrations: applied && applied.map(({ name }) => name),
    };
  });
}

/** One data key of each master key in use. */
export async function sampleDataKeys(
  sql: Sql,
): Promise<{ ownerId: string; masterKeyVersion: number; wrapped: Buffer }[]> {
  return sql`
    select distinct on (master_key_version) owner_id, master_key_version, wrapped from data_keys
    order by master_key_version`;
}

export async function countWaiting(sql: Sql): Promise<{ waiting: number; failing: number }> {
  const [row] = await sql<{ waiting: number; failing: number }[]>`
    select count(*)::int as waiting, (count(*) filter (where attempts >= 3))::int as failing from pending_embeddings`;
  return row ?? { waiting: 0, failing: 0 };
}
