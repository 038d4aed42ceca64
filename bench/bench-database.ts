import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

/** A new, empty database on a Postgres, and how to be rid of it. */
export interface BenchDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates a database of a name of its own, so that nothing that is there already is touched. */
export async function createBenchDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `picard_bench_${randomBytes(4).toString('hex')}`;
  const run = async (statement: string): Promise<void> => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  };
  await run(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
