import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disconnectApp } from '../src/oauth/disconnect-app.ts';
import { pauseConnectedApp } from '../src/oauth/pause-connected-app.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
import { actsAs, LoginStage } from './cli-login-stage.ts';
import { connectOverStdio, type Cli } from './cli-process.ts';

/** A login takes five seconds: so long a server is left alone between two questions. */
const LOGINS = { timeout: 120_000 };
const AT_ONCE = 4;

let stage: LoginStage;
let anna: Viewer;
beforeAll(async () => {
  stage = await LoginStage.open();
  const id = await stage.person('anna');
  anna = {
    id,
    administrator: false,
    scopes: new Set(),
    faces: new Set(),
    expiresAt: null,
    credential: { kind: 'key', id },
    authenticatedAt: null,
  };
});
afterAll(() => stage[Symbol.asyncDispose]());

async function loggedIn(): Promise<Cli> {
  const cli = await stage.cli();
  expect(await stage.login(cli, 'anna')).toMatchObject({ code: 0 });
  return cli;
}

async function submits(client: Client, text: string): Promise<void> {
  const kept = await client.callTool({ name: 'submit_memory', arguments: { text } });
  expect(kept.structuredContent).toHaveProperty('result.__typename', 'SubmitMemoryPayload');
}

test('an access token is used while it lives, and renewed when it is over or refused', LOGINS, async () => {
  const cli = await loggedIn();
  const first = (await stage.kept(cli)).login;
  expect(await actsAs(cli)).toBe('anna');
  expect((await stage.kept(cli)).login).toEqual(first);

  await stage.expire(cli);
  expect(await actsAs(cli)).toBe('anna');
  const second = (await stage.kept(cli)).login;
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(second.accessToken?.value).not.toBe(first.accessToken?.value);

  await stage.change(cli, { accessToken: null });
  expect(await actsAs(cli)).toBe('anna');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  await stage.change(cli, { accessToken: { value: 'not.a.token', expiresAt } });
  expect(await actsAs(cli)).toBe('anna');
});

test(`${AT_ONCE} commands that find their token over at once renew it once`, LOGINS, async () => {
  const cli = await loggedIn();
  for (let round = 0; round < 2; round += 1) {
    await stage.expire(cli);
    const all = Array.from({ length: AT_ONCE }, () => actsAs(cli));
    expect(await Promise.all(all)).toEqual(Array.from({ length: AT_ONCE }, () => 'anna'));
  }
  const { clientId, login } = await stage.kept(cli);
  expect(await stage.refresh(clientId, login.refreshToken)).toBe(200);
});

test('MCP over stdio acts as who is logged in, and goes on when its token is over', LOGINS, async () => {
  const cli = await loggedIn();
  // Over soon after the host has begun: the process has it from the file as it starts, and then keeps it.
  const { accessToken } = (await stage.kept(cli)).login;
  const value = accessToken?.value ?? '';
  await stage.change(cli, {
    accessToken: { value, expiresAt: new Date(Date.now() + 65_000).toISOString() },
  });
  const client = await connectOverStdio(cli);
  await submits(client, 'Anna likes tea.');
  await expect
    .poll(
      async () => {
        await submits(client, 'Anna likes it green.');
        return (await stage.kept(cli)).login.accessToken?.value;
      },
      { timeout: 20_000, interval: 500 },
    )
    .not.toBe(value);
  const found = await client.callTool({ name: 'query_memory', arguments: { prompt: 'tea' } });
  expect(JSON.stringify(found.structuredContent)).toContain('Anna likes tea.');

  // And when it is ended in the midst, the person is told what to do.
  await cli.run('logout');
  await expect
    .poll(
      async () =>
        JSON.stringify(await client.callTool({ name: 'submit_memory', arguments: { text: 'too late' } })),
      { timeout: 10_000, interval: 200 },
    )
    .toContain(`To log in again: picard login --url ${stage.name}`);
  await client.close();
});

test(
  'a command that was killed before it could keep its new token is forgiven for half a minute',
  LOGINS,
  async () => {
    const cli = await loggedIn();
    const { clientId, login } = await stage.kept(cli);
    // What a kill -9 leaves behind: the server has given the next token, and nobody has it.
    expect(await stage.refresh(clientId, login.refreshToken)).toBe(200);
    await stage.expire(cli);
    expect(await actsAs(cli)).toBe('anna');

    const later = (await stage.kept(cli)).login;
    expect(await stage.refresh(clientId, later.refreshToken)).toBe(200);
    await stage.picard.picard.services.database.forAccounts(
      (sql) => sql`
      update oauth_models set consumed_at = consumed_at - interval '31 seconds'
      where model = 'RefreshToken' and consumed_at is not null`,
    );
    await stage.expire(cli);
    expect(await cli.run('search', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /login of anna .* has ended.*picard login --url .*\[UNAUTHENTICATED\]\n$/,
      ),
    });
  },
);

test('an app that was paused or disconnected is told so, and doctor says what to do', LOGINS, async () => {
  const cli = await loggedIn();
  const { services } = stage.picard.picard;
  const { clientId } = await stage.kept(cli);
  await pauseConnectedApp(services, anna, clientId, true);
  await expect
    .poll(async () => (await cli.run('search', 'x')).stderr, { timeout: 20_000 })
    .toMatch(/paused.*\[UNAUTHENTICATED\]\n$/);
  await pauseConnectedApp(services, anna, clientId, false);
  expect(await actsAs(cli)).toBe('anna');

  await disconnectApp(services, anna, clientId);
  await expect
    .poll(async () => (await cli.run('search', 'x')).stderr, { timeout: 20_000 })
    .toMatch(/has ended: it was disconnected.*picard login --url/);
  expect(await cli.run('doctor')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/✗ Login +anna at .*has ended.*\n +→ picard login --url/),
  });
  expect(await stage.login(cli, 'anna')).toMatchObject({ code: 0 });
  expect(await actsAs(cli)).toBe('anna');
});

test('signing keys are rotated and dropped from the command line, and logins go on', LOGINS, async () => {
  const cli = await loggedIn();
  expect(await cli.run('signing-keys', 'rotate')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/signs access tokens from \d{4}-\d\d-\d\d \d\d:\d\d UTC on/),
  });
  expect((await cli.run('signing-keys', 'rotate')).stdout).toContain('was waiting already');
  const { accessToken } = (await stage.kept(cli)).login;
  expect(await cli.run('signing-keys', 'revoke')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 signing keys were dropped'),
  });
  const statusOf = async (token: string) =>
    (await stage.picard.ask('{ viewer { user { id } } }', {}, token)).status;
  await expect.poll(() => statusOf(accessToken?.value ?? ''), { timeout: 10_000 }).toBe(401);
  expect(await actsAs(cli)).toBe('anna');
  expect((await stage.kept(cli)).login.accessToken?.value).not.toBe(accessToken?.value);
});
