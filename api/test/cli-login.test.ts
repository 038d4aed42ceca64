import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actsAs, codeOf, copyOfLogins, fileOf, LoginStage, readKept } from './cli-login-stage.ts';
import { createCli, ended, settingsOf, writeLines, type Cli, type Ended } from './cli-process.ts';
import { createTestDatabase } from './database.ts';
import { openAddress } from './one-address.ts';

/** A login takes five seconds: so long a server is left alone between two questions. */
const LOGINS = { timeout: 120_000 };

let stage: LoginStage;
let cli: Cli;
let done: Ended;
beforeAll(async () => {
  stage = await LoginStage.open();
  await stage.person('anna');
  await stage.person('ben');
  cli = await stage.cli();
  expect(await actsAs(cli)).not.toBe('anna');
  done = await stage.login(cli, 'anna');
});
afterAll(() => stage[Symbol.asyncDispose]());

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('a person logs in by a code, and commands act as they are', LOGINS, async () => {
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toContain(`${stage.name}/device\n`);
  expect(done.stdout).toContain(`${stage.name}/device?user_code=`);
  expect(done.stdout).toContain(`Logged in at ${stage.name} as anna.`);
  expect(done.stdout).toContain('may read and write memories');
  expect([await mode(fileOf(cli)), await mode(dirname(fileOf(cli)))]).toEqual([0o600, 0o700]);

  expect(await actsAs(cli)).toBe('anna');
  const added = await cli.run('import', await writeLines(cli, 'in.jsonl', [{ text: 'Anna keeps bees' }]));
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('1 added') });
  expect((await cli.run('search', 'bees')).stdout).toContain('Anna keeps bees');
  const other = await stage.cli({ PICARD_URL: stage.picard.url.origin, HOME: cli.folder });
  expect(await actsAs(other)).toBe('anna');

  const looked = await cli.run('doctor');
  expect(looked).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ Login in use +works: anna\n/) });
  expect(looked.stdout).toMatch(/✓ Login +anna at \S+, may read and write memories, renewed .*: works\n/);
  const { login } = await stage.kept(cli);
  for (const secret of [login.refreshToken, login.accessToken?.value ?? '-'])
    expect(done.stdout + looked.stdout + looked.stderr).not.toContain(secret);

  const keyed = await stage.cli({ PICARD_TOKEN: await stage.picard.account('keyed'), HOME: cli.folder });
  expect(await actsAs(keyed)).toBe('keyed');
  // No login may do what this does: on the machine of the server it goes on with the administrator's key.
  expect((await cli.run('account-link', 'ben', '--reset')).code).toBe(0);
});

test('a login to read, or one that was allowed no more, writes nothing', LOGINS, async () => {
  const [asked, narrowed] = [await stage.cli(), await stage.cli()];
  const ends = await Promise.all([
    stage.login(asked, 'anna', ['--read-only']),
    stage.login(narrowed, 'anna', [], 'read'),
  ]);
  for (const [n, own] of [asked, narrowed].entries()) {
    expect(ends[n]).toMatchObject({ code: 0, stdout: expect.stringContaining('may read memories') });
    expect(await actsAs(own)).toBe('anna');
    const file = await writeLines(own, 'in.jsonl', [{ text: 'too much' }]);
    expect(await own.run('import', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[FORBIDDEN]'),
    });
  }
});

test('who logs in again takes the place of whoever was before, as the same client', LOGINS, async () => {
  const own = await stage.cli();
  await stage.login(own, 'anna');
  const former = await stage.kept(own);
  await stage.login(own, 'ben', ['--url', stage.name]);
  const present = await stage.kept(own);
  expect(present.clientId).toBe(former.clientId);
  expect(await stage.refresh(former.clientId, former.login.refreshToken)).toBe(400);
  expect(await actsAs(own)).toBe('ben');
  await stage.expire(own);
  expect(await actsAs(own)).toBe('ben');
});

test('a logout ends the login at the server and here, and is told when there is none', LOGINS, async () => {
  const own = await stage.cli();
  await stage.login(own, 'anna');
  const { clientId, login } = await stage.kept(own);
  expect(await own.run('logout')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the login of anna has ended'),
  });
  expect(await stage.refresh(clientId, login.refreshToken)).toBe(400);
  expect(await readFile(fileOf(own), 'utf8')).not.toContain(login.refreshToken);
  expect(await actsAs(own)).not.toBe('anna');
  for (const args of [[], ['--url', stage.name]])
    expect(await own.run('logout', ...args)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[NOT_LOGGED_IN]'),
    });
});

test('a refusal in the browser, and Ctrl+C, log nobody in', LOGINS, async () => {
  const own = await stage.cli();
  const refused = own.start('login');
  const refusal = ended(refused);
  await stage.decide(await codeOf(refused), 'anna', 'refuse');
  expect(await refusal).toMatchObject({ code: 1, stderr: expect.stringContaining('refused in the browser') });

  const given = own.start('login');
  const end = ended(given);
  await codeOf(given);
  given.kill('SIGINT');
  expect(await end).toMatchObject({ code: 130, stderr: expect.stringContaining('nothing was kept') });
  expect((await readKept(own)).servers[stage.name]).toMatchObject({ login: null });
});

test('a login goes to https, to this machine, and to a server that says it is the one', LOGINS, async () => {
  const own = await stage.cli();
  const clear = await stage.cli({ PICARD_URL: 'http://192.0.2.1:8001' });
  for (const refused of [own.run('login', '--url', 'http://example.org'), clear.run('login')])
    expect(await refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/https:.*\[INSECURE_ADDRESS\]\n$/),
    });
  expect((await own.run('login', '--url', 'anywhere')).stderr).toMatch(/--url must be.*\[INVALID_CONFIG\]/);
  expect((await own.run('login', '--url', 'http://127.0.0.1:9')).stderr).toContain('[SERVER_UNREACHABLE]');
  await using elsewhere = await openAddress();
  elsewhere.use({ serverFor: () => stage.picard.url });
  const other = await own.run('login', '--url', elsewhere.url.origin);
  expect(other.stderr).toMatch(/calls itself .*\[OTHER_ADDRESS\]/);
});

test('without its server, a login can be removed here, and nothing else done with it', LOGINS, async () => {
  const database = await createTestDatabase();
  const alone = await createCli(settingsOf(database));
  expect((await alone.run('login')).stderr).toMatch(/No server runs.*picard start.*\[NO_SERVER\]/);
  await alone.run('search', 'anything');
  await writeFile(`${database.dataFolder}/first-key`, '');

  const own = await stage.cli();
  await copyOfLogins(cli, own);
  const kept = (await readKept(own)).servers[stage.name];
  const gone = { ...kept, issuer: 'http://localhost:9' };
  await writeFile(fileOf(own), JSON.stringify({ version: 1, servers: { 'http://localhost:9': gone } }));
  const away = await createCli({ ...alone.env, HOME: own.folder });
  expect((await away.run('search', 'x')).stderr).toMatch(
    /Start the server, or set PICARD_TOKEN.*\[NO_TOKEN\]/,
  );
  expect((await away.run('mcp')).stderr).toMatch(/Start the server, or set PICARD_TOKEN.*\[NO_TOKEN\]/);
  expect((await away.run('doctor')).stdout).toMatch(/• Login +anna at .*its server does not answer/);
  expect(await away.run('logout')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('in the connected apps of the account'),
  });
  expect(await readFile(fileOf(own), 'utf8')).not.toContain(kept?.login?.refreshToken);
  for (const each of [alone, away]) await each[Symbol.asyncDispose]();
  await database.remove();
});

test('a file of logins that cannot be read is told, and neither used nor lost', LOGINS, async () => {
  const own = await stage.cli();
  await copyOfLogins(cli, own);
  const cut = (await readFile(fileOf(own), 'utf8')).slice(0, -20);
  await writeFile(fileOf(own), cut);
  for (const args of [['search', 'x'], ['login'], ['logout'], ['mcp']])
    expect(await own.run(...args)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be read.*\[LOGINS_UNREADABLE\]\n$/),
    });
  expect(await own.run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ Logins') });
  expect(await readFile(fileOf(own), 'utf8')).toBe(cut);
  const keyed = await stage.cli({ PICARD_TOKEN: stage.picard.key, HOME: own.folder });
  expect((await keyed.run('search', 'x')).code).toBe(0);

  await chmod(fileOf(own), 0o644);
  expect((await own.run('doctor')).stdout).toContain(`chmod 600 ${fileOf(own)}`);
});
