import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { openDatabase } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';

/** Set by CI to run every whole-server test on a real Postgres; without it they run on the embedded database. */
const serverUrl = process.env['PICARD_TEST_DATABASE_URL'];

const TEMPLATE = 'picard_test_template';

/** Where the migrated database that every test begins with lies; the process of the test run makes it once. */
export const templateFolder = (): string => {
  const folder = process.env['PICARD_TEST_TEMPLATE'];
  if (!folder)
    throw new Error('Whole-server tests begin through vitest, whose global set-up makes their database');
  return folder;
};

export interface TestDatabase {
  /** The data folder, empty but for an embedded database. */
  dataFolder: string;
  /** Undefined for the embedded database. */
  databaseUrl: string | undefined;
  remove(): Promise<void>;
}

/** A migrated database of its own: a copy of the template, on Postgres or embedded. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'picard-test-'));
  if (!serverUrl) {
    await cp(join(templateFolder(), 'database'), join(dataFolder, 'database'), { recursive: true });
    return {
      dataFolder,
      databaseUrl: undefined,
      remove: () => rm(dataFolder, { recursive: true, force: true }),
    };
  }
  const name = `picard_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    dataFolder,
    databaseUrl: url.href,
    async remove() {
      await rm(dataFolder, { recursive: true, force: true });
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Makes the template once for a whole test run, and answers how to remove it. */
export async function createTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'picard-template-'));
  await mkdir(folder, { recursive: true });
  process.env['PICARD_TEST_TEMPLATE'] = folder;
  if (serverUrl) {
    await onServer(serverUrl, `drop database if exists ${TEMPLATE} with (force)`);
    await onServer(serverUrl, `create database ${TEMPLATE}`);
  }
  const url = serverUrl && new URL(serverUrl);
  if (url) url.pathname = `/${TEMPLATE}`;
  const database = await openDatabase(url ? { url: url.href } : { folder: join(folder, 'database') });
  await migrate(database);
  await database.close();
  return () => rm(folder, { recursive: true, force: true });
}

/** Creating a database copies a template, which Postgres allows one at a time. */
async function onServer(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(7226373)`;
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
