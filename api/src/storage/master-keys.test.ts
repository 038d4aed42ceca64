import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidMasterKeys, openMasterKeys } from './master-keys.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picard-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const none = (): void => undefined;
const entry = (version: number, key = randomBytes(32)): string => `${version}:${key.toString('base64')}`;

describe('in a file', () => {
  test('the first start makes one that only its owner may read, and says so once', async () => {
    const notices: string[] = [];
    const made = await openMasterKeys(undefined, folder, (notice) => notices.push(notice));
    const file = join(folder, 'master-keys');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(made).toMatchObject({ source: 'file', current: 1 });
    expect(notices).toEqual([expect.stringContaining(file)]);
    expect(notices[0]).toContain('keep a copy');
    expect(notices[0]).not.toContain(made.key(1).toString('base64'));

    const again = await openMasterKeys('', folder, (notice) => notices.push(notice));
    expect(again.key(1)).toEqual(made.key(1));
    expect(notices).toHaveLength(1);
  });

  test('processes that start together agree on one key', async () => {
    const opened = await Promise.all(
      Array.from({ length: 20 }, () => openMasterKeys(undefined, folder, none)),
    );
    expect(new Set(opened.map((keys) => keys.key(1).toString('hex'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['master-keys']);
  });

  test('a rotation adds a key, keeps the older ones, and others see it', async () => {
    const [mine, other] = [
      await openMasterKeys(undefined, folder, none),
      await openMasterKeys(undefined, folder, none),
    ];
    const first = mine.key(1);
    expect(await mine.rotate()).toBe(2);
    expect(await mine.rotate()).toBe(3);
    expect(other.current).toBe(3);
    expect(other.key(2)).toEqual(mine.key(2));
    expect(other.key(1)).toEqual(first);
    expect(await readdir(folder)).toEqual(['master-keys']);
    expect((await stat(join(folder, 'master-keys'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, 'master-keys'), 'utf8')).trim().split('\n')).toHaveLength(3);
  });

  test('a file that holds something else is refused by name, and left as it is', async () => {
    const file = join(folder, 'master-keys');
    for (const text of ['', '\n', 'my password', '1:c2hvcnQ=']) {
      await writeFile(file, text);
      await expect(openMasterKeys(undefined, folder, none), text).rejects.toThrow(InvalidMasterKeys);
      await expect(openMasterKeys(undefined, folder, none), text).rejects.toThrow(file);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });
});

describe('in the environment', () => {
  test('the highest version wraps, the others open, and no file is made', async () => {
    const [one, ten] = [randomBytes(32), randomBytes(32)];
    const keys = await openMasterKeys(`${entry(10, ten)}, ${entry(1, one)}`, folder, none);
    expect(keys).toMatchObject({ source: 'environment', current: 10 });
    expect(keys.key(10)).toEqual(ten);
    expect(keys.key(1)).toEqual(one);
    expect(await keys.rotate()).toBe(10);
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['no version', randomBytes(32).toString('base64')],
    ['a version that is no number', `one:${randomBytes(32).toString('base64')}`],
    ['a version that the database cannot hold', entry(3_000_000_000)],
    ['31 bytes', entry(1, randomBytes(31))],
    ['33 bytes', entry(1, randomBytes(33))],
    ['hexadecimal', `1:${randomBytes(32).toString('hex')}`],
    ['one bad entry among good ones', `${entry(1)},2:`],
    ['one version twice', `${entry(1)},${entry(1)}`],
    ['nothing but commas', ' , ,'],
  ])('%s is refused, without the key in the message', async (_what, text) => {
    const refusal: unknown = await openMasterKeys(text, folder, none).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidMasterKeys);
    expect(String(refusal)).toContain('PICARD_MASTER_KEYS');
    for (const part of text.split(/[,:\s]+/).filter((each) => each.length > 20)) {
      expect(String(refusal)).not.toContain(part);
    }
  });

  test('a version that is not configured is asked for by its number, with what to do', async () => {
    const keys = await openMasterKeys(entry(2), folder, none);
    expect(() => keys.key(7)).toThrow(
      /master key 7, which is not configured.*add that version to PICARD_MASTER_KEYS/s,
    );
  });
});
