import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createThrottle } from '../src/accounts/throttle.ts';
import { REQUEST_LIMITS } from '../src/oauth/request-limits.ts';
import { revokeSigningKeys } from '../src/oauth/revoke-signing-keys.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

/** CI sets 30. */
const ROUNDS = Number(process.env['PICARD_FAULT_ROUNDS'] || 5);

/** An embedded database has one process alone. */
describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('two instances behind one address', () => {
  let database: TestDatabase;
  let other: TestPicard;
  let stage: OauthStage;
  let clientId: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { PICARD_PUBLIC_URL: 'http://localhost:1', PICARD_TRUSTED_PROXIES: 'loopback' };
    other = await startTestPicard({ database, env });
    stage = await OauthStage.open({ database, env });
    clientId = await stage.host();
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await database.remove();
  });

  const atOther = async (token: string): Promise<number> =>
    (await other.ask('{ viewer { scopes } }', {}, token)).status;
  const post = async (server: URL, form: Record<string, string>) => {
    const response = await fetch(new URL('/oauth/token', server), {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { 'x-forwarded-for': stage.from ?? '192.0.2.1' },
    });
    return { status: response.status, body: await response.json() };
  };

  test('what one issued the other takes, and refuses within a second of its end', async () => {
    const tokens = await stage.tokens(clientId);
    expect(await atOther(tokens.access_token)).toBe(200);
    await stage.post('/oauth/revoke', { token: tokens.refresh_token, client_id: clientId });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await atOther(tokens.access_token)).toBe(401);
  });

  test(
    `eight requests at both have one winner, whose tokens end on both: ${ROUNDS} rounds`,
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        stage.from = `198.51.100.${round}`;
        const { refresh_token: token } = await stage.tokens(clientId);
        const form = { grant_type: 'refresh_token', refresh_token: token, client_id: clientId };
        const servers = [stage.picard.url, other.url];
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, n) => post(servers[n % 2] ?? other.url, form)),
        );
        const won = answers.filter(({ status }) => status === 200);
        expect(won).toHaveLength(1);
        expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(7);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        const { access_token: ended, refresh_token: next } = won[0]?.body ?? {};
        expect(await atOther(ended)).toBe(401);
        expect(await stage.statusAt('graphql', ended)).toBe(401);
        expect((await post(other.url, { ...form, refresh_token: next })).status).toBe(400);
      }
    },
    20_000 * ROUNDS,
  );

  test('keys that one drops both refuse, and a token of the new one is good at both', async () => {
    const tokens = await stage.tokens(clientId);
    expect(await atOther(tokens.access_token)).toBe(200);
    await revokeSigningKeys(other.picard.services);
    await expect.poll(() => atOther(tokens.access_token), { timeout: 5_000 }).toBe(401);
    await expect.poll(() => stage.statusAt('graphql', tokens.access_token), { timeout: 5_000 }).toBe(401);
    const { body } = await stage.refresh(clientId, tokens.refresh_token);
    expect(await atOther(body.access_token)).toBe(200);
    // Whichever of those behind the address is asked: one that has not heard of the key yet looks for it.
    for (let n = 0; n < 4; n += 1) expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
  });

  test('requests at both count together', async () => {
    const throttle = createThrottle(other.picard.services.database, REQUEST_LIMITS);
    const { points } = REQUEST_LIMITS['oauth-register'];
    // The stage has registered one app.
    for (let taken = 1; taken < points - 4; taken += 1) await throttle.take('oauth-register', '127.0.0.1');
    const register = (server: URL) =>
      fetch(new URL('/oauth/register', server), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' }),
      });
    const servers = [stage.picard.url, other.url];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => register(servers[n % 2] ?? other.url)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 201, 201, 429, 429, 429, 429]);
  });

  test('both publish the same keys', async () => {
    const keysAt = async (server: URL) => (await fetch(new URL('/oauth/jwks', server))).json();
    expect(await keysAt(other.url)).toEqual(await keysAt(stage.picard.url));
  });
});
