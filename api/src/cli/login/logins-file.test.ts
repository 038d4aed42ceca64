import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeLogins } from './change-logins.ts';
import { loginsFile, readLogins, writeLogins, type Logins } from './logins-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picard-logins-'));
  file = loginsFile({ XDG_CONFIG_HOME: folder });
});
afterEach(() => rm(folder, { recursive: true }));

const now = new Date().toISOString();
const kept: Logins = {
  version: 1,
  servers: {
    'http://localhost:8001': {
      issuer: 'http://localhost:8001',
      clientId: 'client',
      login: {
        account: { id: '1', handle: 'ada' },
        scopes: ['memories:read'],
        refreshToken: 'refresh',
        accessToken: { value: 'access', expiresAt: now },
        loggedInAt: now,
        renewedAt: now,
      },
    },
    'https://example.org': { issuer: 'https://example.org', clientId: 'other', login: null },
  },
};
const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('the file is where the XDG Base Directory Specification has it', () => {
  expect(file).toBe(join(folder, 'picard', 'logins.json'));
  for (const env of [{}, { XDG_CONFIG_HOME: '' }, { XDG_CONFIG_HOME: 'relative' }])
    expect(loginsFile(env)).toBe(join(homedir(), '.config', 'picard', 'logins.json'));
});

test('what was written is read, by nobody else, and nothing is left beside it', async () => {
  expect(await readLogins(file)).toEqual({ version: 1, servers: {} });
  await mkdir(dirname(file), { mode: 0o755 });
  await writeFile(`${file}.partial`, 'of one that was killed', { mode: 0o644 });
  await writeFile(file, JSON.stringify({ version: 1, servers: {} }), { mode: 0o644 });
  await chmod(file, 0o644);
  await writeLogins(file, kept);
  expect(await readLogins(file)).toEqual(kept);
  expect([await mode(file), await mode(dirname(file))]).toEqual([0o600, 0o700]);
  expect(await readdir(dirname(file))).toEqual(['logins.json']);
});

test.each([
  ['cut', '{"version": 1, "servers": {'],
  ['of another kind', '{"version": 2, "servers": {}, "secret": "token-word"}'],
  ['empty', ''],
])('a file that is %s is told, without what it holds, and stays as it is', async (_how, content) => {
  await mkdir(dirname(file));
  await writeFile(file, content);
  const refused = expect.objectContaining({
    code: 'LOGINS_UNREADABLE',
    message: expect.not.stringContaining('token-word'),
  });
  await expect(readLogins(file)).rejects.toEqual(refused);
  await expect(changeLogins(file, async (_logins, save) => save())).rejects.toEqual(refused);
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('of many who change the logins at once, each sees what those before it wrote', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_each, n) =>
      changeLogins(file, async ({ servers }, save) => {
        const name = `https://${n}.example.org`;
        servers[name] = { issuer: name, clientId: String(Object.keys(servers).length), login: null };
        await save();
      }),
    ),
  );
  const { servers } = await readLogins(file);
  const numbers = Object.values(servers).map(({ clientId }) => Number(clientId));
  expect(numbers).toEqual(Array.from({ length: 20 }, (_each, n) => n));
});

test('what a change throws leaves the logins as they were, and free', async () => {
  await writeLogins(file, kept);
  const broken = changeLogins(file, async ({ servers }) => {
    servers['https://example.org'] = { issuer: 'https://example.org', clientId: 'new', login: null };
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  expect(await changeLogins(file, async (logins) => logins)).toEqual(kept);
});
