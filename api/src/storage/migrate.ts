import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);
/** Any constant of our own: instances that start together queue on it, and the first one migrates. */
const LOCK = 7226372;

/** Runs the numbered files that the database has not seen yet, all in one transaction; returns their names. */
export async function migrate(database: Database): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return database.asOwner(async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`;
    await sql`create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())`;
    const applied = new Set((await sql`select name from migrations`).map((row) => String(row['name'])));
    const missing = files.filter((name) => !applied.has(name));
    for (const name of missing) {
      await sql.unsafe(await readFile(new URL(name, folder), 'utf8'));
      await sql`insert into migrations (name) values (${name})`;
    }
    return missing;
  });
}
