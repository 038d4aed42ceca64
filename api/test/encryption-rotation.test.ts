import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import { rotateMasterKey } from '../src/admin/rotate-master-key.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const ACCOUNTS = 250;
const KILLED_ROTATION = fileURLToPath(new URL('./encryption-killed-rotation.ts', import.meta.url));

const versions = (picard: TestPicard): Promise<{ version: number; accounts: number }[]> =>
  picard.picard.services.database.asOwner(
    (sql) => sql`
      select master_key_version as version, count(*)::integer as accounts from data_keys group by 1 order by 1`,
  );

const submit = async (picard: TestPicard, key: string, text: string): Promise<void> => {
  const { submitMemory } = await picard.data<{ submitMemory: { __typename: string } }>(
    'mutation ($text: String!) { submitMemory(input: { text: $text }) { __typename } }',
    { text },
    key,
  );
  expect(submitMemory.__typename).toBe('SubmitMemoryPayload');
};

const texts = async (picard: TestPicard, key: string): Promise<string[]> => {
  const { viewer } = await picard.data<{ viewer: { memories: { edges: { node: { text: string } }[] } } }>(
    '{ viewer { memories(first: 100) { edges { node { text } } } } }',
    {},
    key,
  );
  return viewer.memories.edges.map(({ node }) => node.text);
};

const rotate = async (
  picard: TestPicard,
): Promise<{ masterKeyVersion: number; rewrappedDataKeys: number }> => {
  const answer = await picard.data<{
    rotateMasterKey: { masterKeyVersion: number; rewrappedDataKeys: number };
  }>('mutation { rotateMasterKey { masterKeyVersion rewrappedDataKeys } }');
  return answer.rotateMasterKey;
};

const keysInFile = async ({ dataFolder }: TestDatabase): Promise<number> =>
  (await readFile(join(dataFolder, 'master-keys'), 'utf8')).trim().split('\n').length;

describe('online', () => {
  let picard: TestPicard;
  const keys: string[] = [];
  beforeAll(async () => {
    picard = await startTestPicard();
    for (let n = 0; n < 20; n += 1) {
      const { secret } = await createAccount(picard.picard.services, { handle: `person-${n}` });
      keys.push(secret);
      await submit(picard, secret, `first of ${n}`);
    }
  });
  afterAll(() => picard[Symbol.asyncDispose]());

  test('no request fails while keys change, accounts made meanwhile included', async () => {
    let rotating = true;
    const busy = keys.slice(0, 6).map(async (key, n) => {
      for (let step = 0; rotating; step += 1) {
        await submit(picard, key, `${n} at ${step}`);
        expect((await texts(picard, key))[0]).toBe(`${n} at ${step}`);
        if (n < 2)
          keys.push((await createAccount(picard.picard.services, { handle: `late-${n}-${step}` })).secret);
      }
    });
    try {
      for (const version of [2, 3, 4]) expect((await rotate(picard)).masterKeyVersion).toBe(version);
    } finally {
      rotating = false;
      await Promise.all(busy);
    }
    expect(await versions(picard)).toEqual([{ version: 4, accounts: keys.length + 1 }]);
  });

  test('rotations at the same time each finish, and lose no key', async () => {
    const outcomes = await Promise.all([rotate(picard), rotate(picard), rotate(picard)]);
    const newest = Math.max(...outcomes.map(({ masterKeyVersion }) => masterKeyVersion));
    expect(await versions(picard)).toEqual([{ version: newest, accounts: keys.length + 1 }]);
    expect(await keysInFile(picard.database)).toBe(newest);
    for (const [n, key] of keys.slice(6, 20).entries())
      expect(await texts(picard, key)).toEqual([`first of ${n + 6}`]);
    for (const key of keys.slice(0, 6)) expect(await texts(picard, key)).not.toEqual([]);
  });

  test('texts stay as they are: the keys alone are wrapped anew', async () => {
    const sealed = () =>
      picard.picard.services.database.asOwner(
        (sql) => sql`select sealed from memory_texts order by memory_id, sealed`,
      );
    const before = await sealed();
    await rotate(picard);
    expect(await sealed()).toEqual(before);
  });

  test('only an administrator may', async () => {
    const answer = await picard.ask('mutation { rotateMasterKey { masterKeyVersion } }', {}, keys[0]);
    expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])(
  'two instances on one database and one folder',
  () => {
    let first: TestPicard;
    let second: TestPicard;
    beforeAll(async () => {
      first = await startTestPicard();
      second = await startTestPicard({ database: first.database });
    });
    afterAll(async () => {
      await second[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
    });

    test('each uses the key that the other made, and rotations at once lose none', async () => {
      const before = await first.account('before');
      await submit(second, before, 'kept');
      await rotate(first);
      const after = await second.account('after');
      expect(await versions(first)).toEqual([{ version: 2, accounts: 3 }]);
      await submit(first, after, 'new');
      await Promise.all([rotate(first), rotate(second), rotate(first), rotate(second)]);
      const [all] = await versions(first);
      expect(all).toEqual({ version: await keysInFile(first.database), accounts: 3 });
      for (const [picard, key, text] of [
        [first, before, 'kept'],
        [second, after, 'new'],
      ] as const) {
        expect(await texts(picard, key)).toEqual([text]);
      }
      // A third one has none of it in its memory.
      await using third = await startTestPicard({ database: first.database });
      expect(await texts(third, before)).toEqual(['kept']);
    });
  },
);

describe('cut short by kill -9', () => {
  let database: TestDatabase;
  const secrets: string[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    await using picard = await startTestPicard({ database });
    for (let n = 0; n < ACCOUNTS - 1; n += 1) {
      secrets.push((await createAccount(picard.picard.services, { handle: `person-${n}` })).secret);
    }
    for (const n of [0, 99, 150, 248]) await submit(picard, secrets[n] ?? '', `of ${n}`);
  });
  afterAll(() => database.remove());

  /** A process that rotates and is killed just before it wraps one key too many. */
  async function killedBefore(wraps: number): Promise<void> {
    const child = spawn(process.execPath, [KILLED_ROTATION, String(wraps)], {
      env: {
        PATH: process.env['PATH'],
        PICARD_DATA: database.dataFolder,
        DATABASE_URL: database.databaseUrl ?? '',
        PICARD_LOG_LEVEL: 'fatal',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  }

  test(
    'a later rotation finishes it under the same key, and every account is readable in between and after',
    { timeout: 180_000 },
    async () => {
      const readable = async (picard: TestPicard): Promise<void> => {
        for (const n of [0, 99, 150, 248]) expect(await texts(picard, secrets[n] ?? '')).toEqual([`of ${n}`]);
      };
      // Killed before anything was wrapped, then inside the second batch, then inside the last one.
      for (const [wraps, done] of [
        [1, 0],
        [151, 100],
        [140, 200],
      ] as const) {
        await killedBefore(wraps);
        await using picard = await startTestPicard({ database });
        const expected = [
          { version: 1, accounts: ACCOUNTS - done },
          { version: 2, accounts: done },
        ].filter(({ accounts }) => accounts > 0);
        expect(await versions(picard)).toEqual(expected);
        expect(await keysInFile(database)).toBe(2);
        await readable(picard);
      }
      await using picard = await startTestPicard({ database });
      expect(await rotateMasterKey(picard.picard.services)).toEqual({
        masterKeyVersion: 2,
        rewrappedDataKeys: 50,
      });
      expect(await versions(picard)).toEqual([{ version: 2, accounts: ACCOUNTS }]);
      await readable(picard);
      expect(await rotateMasterKey(picard.picard.services)).toEqual({
        masterKeyVersion: 3,
        rewrappedDataKeys: ACCOUNTS,
      });
    },
  );
});
