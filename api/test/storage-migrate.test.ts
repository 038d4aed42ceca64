import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { FolderInUse } from '../src/storage/folder-lock.ts';
import { migrate } from '../src/storage/migrate.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startProcess } from './faults-process.ts';
import { startTestPicard } from './picard.ts';

const serverUrl = process.env['PICARD_TEST_DATABASE_URL'];

test('a database that was migrated before is left as it is', async () => {
  const { databaseUrl, dataFolder, remove } = await createTestDatabase();
  const database = await openDatabase(
    databaseUrl ? { url: databaseUrl } : { folder: `${dataFolder}/database` },
  );
  try {
    const applied = () => database.asOwner((sql) => sql`select * from migrations order by name`);
    const before = await applied();
    expect(before.length).toBeGreaterThan(0);
    expect(await migrate(database)).toEqual([]);
    expect(await applied()).toEqual(before);
  } finally {
    await database.close();
    await remove();
  }
});

test('on an empty embedded database one of several starts at once migrates, and no other', async () => {
  const database = await openDatabase({});
  try {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => migrate(database)));
    expect(outcomes.filter((names) => names.length > 0)).toHaveLength(1);
  } finally {
    await database.close();
  }
});

describe.runIf(serverUrl)('instances that start at once on empty Postgres databases', () => {
  const names = Array.from({ length: 4 }, () => `picard_empty_${randomUUID().replaceAll('-', '')}`);
  let server: postgres.Sql;
  beforeAll(async () => {
    server = postgres(serverUrl ?? '', { max: 1, onnotice: () => undefined });
    for (const name of names) await server`create database ${server(name)} template template0`;
  });
  afterAll(async () => {
    for (const name of names) await server`drop database if exists ${server(name)} with (force)`;
    await server.end();
  });

  const open = (name: string): Promise<Database> => {
    const url = new URL(serverUrl ?? '');
    url.pathname = `/${name}`;
    return openDatabase({ url: url.href, connections: 2 });
  };

  test('one migrates, none fails, also beside those of other databases of the same server', async () => {
    const databases = await Promise.all(names.flatMap((name) => [name, name, name, name]).map(open));
    try {
      const outcomes = await Promise.all(databases.map((database) => migrate(database)));
      for (const [index, name] of names.entries()) {
        const mine = outcomes.slice(index * 4, index * 4 + 4);
        expect(
          mine.filter((applied) => applied.length > 0),
          name,
        ).toHaveLength(1);
      }
    } finally {
      await Promise.all(databases.map((database) => database.close()));
    }
  });

  test('whole servers make one administrator and one master key between them', async () => {
    const dataFolder = await mkdtemp(`${tmpdir()}/picard-test-`);
    const [name = ''] = names;
    await server`drop database ${server(name)} with (force)`;
    await server`create database ${server(name)} template template0`;
    const url = new URL(serverUrl ?? '');
    url.pathname = `/${name}`;
    const database: TestDatabase = { dataFolder, databaseUrl: url.href, remove: async () => undefined };
    const started = await Promise.all(Array.from({ length: 4 }, () => startTestPicard({ database })));
    try {
      const key = started.map((each) => each.key).find((each) => each !== '');
      for (const picard of started) {
        const { viewer } = await picard.data<{ viewer: { administrator: boolean } }>(
          '{ viewer { administrator } }',
          {},
          key,
        );
        expect(viewer.administrator).toBe(true);
      }
      const users = await started[0]?.picard.services.database.asOwner(
        (sql) => sql`select handle from users`,
      );
      expect(users).toEqual([{ handle: 'admin' }]);
    } finally {
      await Promise.all(started.map((picard) => picard[Symbol.asyncDispose]()));
      await rm(dataFolder, { recursive: true });
    }
  });
});

describe.runIf(!serverUrl)('the folder of an embedded database', () => {
  test('has room for one process, and opens again after a kill -9 of that one', async () => {
    const database = await createTestDatabase();
    try {
      const holder = await startProcess(database);
      try {
        await expect(startTestPicard({ database })).rejects.toThrow(FolderInUse);
        await expect(startProcess(database)).rejects.toThrow('is used by another Picard process');
      } finally {
        await holder.kill();
      }
      await using picard = await startTestPicard({ database });
      expect(picard.key).toBe(holder.key);
    } finally {
      await database.remove();
    }
  });
});
