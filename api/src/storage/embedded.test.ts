import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { openEmbedded, type EmbeddedDatabase } from './embedded.ts';

describe('in memory', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({});
    await database.asOwner((sql) => sql`create table t (n integer)`);
  });
  afterAll(() => database.close());

  test('transactions of many callers each see their own work whole', async () => {
    const work = (n: number) =>
      database.asOwner(async (sql) => {
        await sql`insert into t values (${n})`;
        const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from t where n = ${n}`;
        expect(row?.count).toBe(1);
        await sql`insert into t values (${n})`;
        if (n % 10 === 0) throw new Error('changed my mind');
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => work(n)));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    const rows = await database.asOwner((sql) => sql`select n from t group by n having count(*) = 2`);
    expect(rows).toHaveLength(90);
  });

  test('a dump begins another database with all that was in the first, and nothing that comes later', async () => {
    const [before] = await database.asOwner((sql) => sql`select count(*) as count from t`);
    const copy = await openDatabase({ snapshot: await database.dump() });
    try {
      await database.asOwner((sql) => sql`insert into t values (-1)`);
      expect(await copy.asOwner((sql) => sql`select count(*) as count from t`)).toEqual([before]);
      expect(await copy.asOwner((sql) => sql`select from t where n = -1`)).toHaveLength(0);
    } finally {
      await copy.close();
    }
  });
});

describe('in a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picard-embedded-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('what was committed is there after it was opened again, and fsync is on', async () => {
    for (const round of [1, 2, 3]) {
      const database = await openDatabase({ folder });
      const [setting] = await database.asOwner((sql) => sql<{ fsync: string }[]>`show fsync`);
      expect(setting).toEqual({ fsync: 'on' });
      await database.asOwner((sql) => sql`create table if not exists t (n integer)`);
      await database.asOwner((sql) => sql`insert into t values (${round})`);
      expect(await database.asOwner((sql) => sql`select n from t`)).toHaveLength(round);
      await database.close();
    }
  });
});

describe('a connection', () => {
  let embedded: EmbeddedDatabase;
  beforeAll(async () => {
    embedded = await openEmbedded({});
  });
  afterAll(() => embedded.close());

  test('looks open at once, which is what the driver asks a socket that it is given', () => {
    expect(embedded.connect()).toMatchObject({ readyState: 'open' });
  });

  test('closes when the database does', async () => {
    const other = await openEmbedded({});
    const socket = other.connect();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await other.close();
    await closed;
    await other.close();
  });
});
