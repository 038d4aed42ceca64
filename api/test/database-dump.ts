import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { expect } from 'vitest';
import type { TestDatabase } from './database.ts';

/** Every byte that the database keeps: its files with the write-ahead log, or on a server all rows as text. */
export async function dump({ dataFolder, databaseUrl }: TestDatabase): Promise<string> {
  if (!databaseUrl)
    return (
      await Promise.all((await filesIn(join(dataFolder, 'database'))).map((file) => readFile(file, 'latin1')))
    ).join('\n');
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' order by 1`;
    expect(tables.map(({ name }) => name)).toContain('memory_texts');
    const rows: string[] = [];
    for (const { name } of tables) {
      for (const row of await sql<{ text: string }[]>`select to_jsonb(t)::text as text from ${sql(name)} t`)
        rows.push(row.text);
    }
    // What is sealed stands there in hexadecimal.
    return rows
      .join('\n')
      .replaceAll(/\\x([0-9a-f]+)/g, (_all, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
  } finally {
    await sql.end();
  }
}

export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
