import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { openDatabase, type DatabaseOptions } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';

/** Set by CI to run every whole-server test on a real Postgres; without it they run on the embedded database. */
const serverUrl = process.env['PICARD_TEST_DATABASE_URL'];

/** The migrated database that every test begins with: a folder, or a name on Postgres. The test run makes its own, once. */
const template = (): string => {
  const made = process.env['PICARD_TEST_TEMPLATE'];
  if (!made)
    throw new Error('Whole-server tests begin through vitest, whose global set-up makes their database');
  return made;
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
  const dataFolder = await mkdtemp(join(await placeForData(), 'picard-test-'));
  if (!serverUrl) {
    cpSync(template(), join(dataFolder, 'database'), { recursive: true });
    return {
      dataFolder,
      databaseUrl: undefined,
      remove: () => rm(dataFolder, { recursive: true, force: true }),
    };
  }
  const name = newName('picard_test');
  await onServer(serverUrl, `create database ${name} template ${template()}`);
  return {
    dataFolder,
    databaseUrl: addressOf(serverUrl, name),
    async remove() {
      await rm(dataFolder, { recursive: true, force: true });
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Many times what the databases of a run hold at once. */
const ROOM_BYTES = 4 * 1024 ** 3;

/**
 * Memory, where Linux has enough of it: the embedded database waits for its disk at every commit, and after a kill -9
 * files are as whole in one as in the other. TMPDIR names another place.
 */
async function placeForData(): Promise<string> {
  if (process.env['TMPDIR']) return tmpdir();
  const memory = await statfs(MEMORY).catch(() => null);
  return memory && memory.bavail * memory.bsize > ROOM_BYTES ? MEMORY : tmpdir();
}
const MEMORY = '/dev/shm';

/** Makes the template once for a whole test run, and answers how to remove it. */
export async function createTemplate(): Promise<() => Promise<void>> {
  if (!serverUrl) {
    const folder = await mkdtemp(join(await placeForData(), 'picard-template-'));
    await makeTemplate(join(folder, 'database'), { folder: join(folder, 'database') });
    return () => rm(folder, { recursive: true, force: true });
  }
  const name = newName('picard_template');
  await onServer(serverUrl, `create database ${name}`);
  await makeTemplate(name, { url: addressOf(serverUrl, name) });
  return () => onServer(serverUrl, `drop database if exists ${name} with (force)`);
}

async function makeTemplate(name: string, at: DatabaseOptions): Promise<void> {
  const database = await openDatabase(at);
  await migrate(database);
  await database.close();
  process.env['PICARD_TEST_TEMPLATE'] = name;
}

const newName = (what: string): string => `${what}_${randomUUID().replaceAll('-', '')}`;

function addressOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
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
