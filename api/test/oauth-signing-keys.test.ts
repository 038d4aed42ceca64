import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { revokeSigningKeys } from '../src/oauth/revoke-signing-keys.ts';
import { rotateSigningKey } from '../src/oauth/rotate-signing-key.ts';
import { sweepOnce } from '../src/oauth/sweep-oauth.ts';
import { OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

const published = async (): Promise<string[]> =>
  (await stage.json('/oauth/jwks')).body.keys.map(({ kid }: { kid: string }) => kid);
const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';

test('the published keys are public, and a resource server of somebody else can check a token with them', async () => {
  const { body } = await stage.json('/oauth/jwks');
  for (const key of body.keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  }
  const { access_token: token } = await stage.tokens(clientId);
  const keys = createRemoteJWKSet(stage.at('/oauth/jwks'));
  const options = { issuer: stage.issuer, audience: stage.resources.graphql, typ: 'at+jwt' };
  expect((await jwtVerify(token, keys, options)).payload.sub).toBe(stage.accountId);
});

test('a key is changed under load: published before it signs, no request fails, old tokens stay good', async () => {
  const first = await stage.tokens(clientId);
  const former = kidOf(first.access_token);
  let refreshToken = first.refresh_token;
  let latest = first.access_token;
  const deadline = Date.now() + 20_000;
  const { services } = stage.picard.picard;
  const { signsFrom, made } = await rotateSigningKey(services, 4);
  expect(made).toBe(true);
  expect(signsFrom.getTime()).toBeGreaterThan(Date.now());
  expect(await rotateSigningKey(services, 4)).toEqual({ signsFrom, made: false });

  while (kidOf(latest) === former) {
    const before = await published();
    const { status, body } = await stage.refresh(clientId, refreshToken);
    expect(status).toBe(200);
    ({ refresh_token: refreshToken, access_token: latest } = body);
    expect(before).toContain(kidOf(latest));
    expect(await stage.statusAt('graphql', latest)).toBe(200);
    expect(await stage.statusAt('graphql', first.access_token)).toBe(200);
    if (Date.now() > deadline) throw new Error('The next key never signed');
  }
  expect(Date.now()).toBeGreaterThanOrEqual(signsFrom.getTime());
  expect(await published()).toEqual([kidOf(latest), former]);
  // A page that was open over the change goes on.
  expect((await stage.tokens(clientId)).access_token).toBeTruthy();
});

test('a former key goes when what it signed has ended, and what it signed is refused then', async () => {
  const { services } = stage.picard.picard;
  const [present] = await published();
  const old = await stage.tokens(clientId);
  await rotateSigningKey(services, 0);
  const gone = services.database.forAccounts(
    (sql) =>
      sql`update signing_keys set expires_at = now() - interval '1 second' where id = ${present ?? ''}`,
  );
  await gone;
  await sweepOnce(services);
  await expect.poll(published, { timeout: 10_000 }).not.toContain(present);
  await expect.poll(() => stage.statusAt('graphql', old.access_token), { timeout: 5_000 }).toBe(401);
});

test('a key that has signed for three months is followed by another', async () => {
  const { services } = stage.picard.picard;
  await services.database.forAccounts(
    (sql) => sql`update signing_keys set signs_from = now() - interval '91 days'`,
  );
  const count = () =>
    services.database.forAccounts(async (sql) => (await sql`select id from signing_keys`).length);
  const before = await count();
  await sweepOnce(services);
  expect(await count()).toBe(before + 1);
  await sweepOnce(services);
  expect(await count()).toBe(before + 1);
});

test('keys that somebody else may have read are dropped: what they signed is refused, and apps renew by themselves', async () => {
  const tokens = await stage.tokens(clientId);
  const before = await published();
  expect(await stage.statusAt('graphql', tokens.access_token)).toBe(200);
  const { dropped } = await revokeSigningKeys(stage.picard.picard.services);
  expect(dropped).toBeGreaterThanOrEqual(before.length);
  // Asked twice, as two instances answer in turn.
  const stillKnown = async (): Promise<boolean> =>
    [...(await published()), ...(await published())].some((key) => before.includes(key));
  await expect.poll(stillKnown, { timeout: 5_000 }).toBe(false);
  await expect.poll(() => stage.statusAt('graphql', tokens.access_token), { timeout: 5_000 }).toBe(401);
  const { status, body } = await stage.refresh(clientId, tokens.refresh_token);
  expect(status).toBe(200);
  expect(await published()).toEqual([kidOf(body.access_token)]);
  expect(before).not.toContain(kidOf(body.access_token));
  expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
  expect((await stage.tokens(clientId)).access_token).toBeTruthy();
});

test('only an administrator changes the key, or drops all', async () => {
  const drop = 'mutation { revokeSigningKeys { dropped } }';
  const mutation = 'mutation { rotateSigningKey { signsFrom made } }';
  for (const query of [mutation, drop]) {
    const refused = await stage.picard.ask(query, {}, stage.key);
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  }
  expect(await stage.picard.data(drop)).toEqual({ revokeSigningKeys: { dropped: 1 } });
  const { rotateSigningKey: rotated } = await stage.picard.data<{ rotateSigningKey: { signsFrom: string } }>(
    mutation,
  );
  expect(new Date(rotated.signsFrom).getTime()).toBeGreaterThan(Date.now());
});
