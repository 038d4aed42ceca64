import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createThrottle } from '../src/accounts/throttle.ts';
import { LIMITS } from '../src/accounts/sign-in-limits.ts';
import { REQUEST_LIMITS } from '../src/oauth/request-limits.ts';
import { LOOPBACK, OauthStage, type Json } from './oauth-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let stage: OauthStage;
let clientId: string;
let device: string;
beforeAll(async () => {
  stage = await OauthStage.open({ env: { PICARD_TRUSTED_PROXIES: 'loopback' } });
  clientId = await stage.host();
  const { body } = await stage.register({
    redirect_uris: [],
    response_types: [],
    grant_types: [DEVICE_CODE],
    token_endpoint_auth_method: 'none',
  });
  device = body.client_id;
});
afterAll(() => stage[Symbol.asyncDispose]());

let addresses = 0;
/** One that nobody has asked from, as the proxy tells it. */
const anywhere = (): string => `203.0.113.${(addresses += 1)}`;
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

/** As if so many requests but these had been made. */
async function useUp(limit: keyof typeof REQUEST_LIMITS, key: string, left: number): Promise<void> {
  const throttle = createThrottle(stage.picard.picard.services.database, REQUEST_LIMITS);
  for (let taken = REQUEST_LIMITS[limit].points; taken > left; taken -= 1) await throttle.take(limit, key);
}

function expectTooMany({ status, headers, body }: Json): void {
  expect({ status, error: body.error }).toEqual({ status: 429, error: 'too_many_requests' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(body.error_description).toMatch(/^Too many .*\. Try again in \d+ (seconds|minutes)\.$/);
  expect(headers.get('access-control-allow-origin')).toBe('*');
}

const register = (address: string): Promise<Json> =>
  stage.json('/oauth/register', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...from(address) },
    body: JSON.stringify({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' }),
  });
const begin = (address: string): Promise<Json> =>
  stage.post('/oauth/device_authorization', { client_id: device }, from(address));
const refresh = (client: string, token: string, address: string): Promise<Json> => {
  const form = { grant_type: 'refresh_token', refresh_token: token, client_id: client };
  return stage.post('/oauth/token', form, from(address));
};

describe('what leaves rows behind is limited by address', () => {
  test.each([
    ['registrations', 'oauth-register', register, 201],
    ['device codes', 'oauth-device', begin, 200],
  ] as const)('%s', async (_name, limit, ask, right) => {
    const address = anywhere();
    await useUp(limit, address, 1);
    expect((await ask(address)).status).toBe(right);
    expectTooMany(await ask(address));
    expect((await ask(anywhere())).status).toBe(right);
    // What a sender writes before what the proxy saw of it makes nobody else of it.
    expectTooMany(await ask(`198.51.100.7, ${address}`));
  });

  test('at both addresses of the same endpoint', async () => {
    const address = anywhere();
    await useUp('oauth-register', address, 0);
    const { status } = await stage.json('/register', { method: 'POST', headers: from(address), body: '{}' });
    expect(status).toBe(429);
  });

  test('sign-ins that apps begin, on a page that says so', async () => {
    const address = anywhere();
    await useUp('oauth-page', address, 0);
    const url = stage.at(`/oauth/authorize?client_id=${clientId}`);
    const response = await fetch(url, { headers: { accept: 'text/html', ...from(address) } });
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await response.text()).toContain('Too many attempts');
    expect((await fetch(url, { method: 'HEAD', headers: from(address) })).status).toBe(429);
  });
});

describe('of requests for tokens', () => {
  const counted = async (): Promise<string[]> => {
    const { database } = stage.picard.picard.services;
    const rows = await database.forAccounts(
      (sql) =>
        sql<{ key: string }[]>`select key from rate_limits where key like 'oauth-failure-%' order by key`,
    );
    return rows.map(({ key }) => key);
  };

  test('those that succeed, and those of a device that waits, count for nothing', async () => {
    const before = await counted();
    const tokens = await stage.tokens(clientId);
    expect((await stage.refresh(clientId, tokens.refresh_token)).status).toBe(200);
    const { body } = await begin(anywhere());
    const poll = await stage.post('/oauth/token', {
      grant_type: DEVICE_CODE,
      device_code: body.device_code,
      client_id: device,
    });
    expect(poll.body.error).toBe('authorization_pending');
    expect(await counted()).toEqual(before);
  });

  test('one client that fails and fails is told to wait, and what is good is served there all the same', async () => {
    const address = anywhere();
    const { refresh_token: token } = await stage.tokens(clientId);
    await useUp('oauth-failure-client', `${clientId} ${address}`, 1);
    expect((await refresh(clientId, 'nonsense', address)).body.error).toBe('invalid_grant');
    expectTooMany(await refresh(clientId, 'nonsense', address));
    expect((await refresh(await stage.host(), 'nonsense', address)).body.error).toBe('invalid_grant');
    expect((await refresh(clientId, 'nonsense', anywhere())).body.error).toBe('invalid_grant');
    expect((await refresh(clientId, token, address)).status).toBe(200);
  });

  test('those of an address from which very many have failed are not tried', async () => {
    const address = anywhere();
    const { refresh_token: token } = await stage.tokens(clientId);
    await useUp('oauth-failure-address', address, 1);
    expect((await refresh(clientId, 'nonsense', address)).body.error).toBe('invalid_grant');
    expectTooMany(await refresh('nobody', 'nonsense', address));
    // In two instances the other one has not refused anything there yet.
    await stage.post('/oauth/revoke', { token: 'x', client_id: 'nobody' }, from(address));
    expectTooMany(await refresh(clientId, token, address));
    expect((await refresh(clientId, token, anywhere())).status).toBe(200);
  });
});

test('guessed user codes are few, wherever they are entered, and right ones cost nothing (RFC 8628 section 5.1)', async () => {
  const browser = new PlainBrowser(new URL(stage.issuer));
  const enter = async (code: string) =>
    browser.press(await browser.open('/device'), 'Go on', { user_code: code });
  await useUp('oauth-user-code', '127.0.0.1', 1);
  const { body } = await begin(anywhere());
  for (let round = 0; round < 3; round += 1)
    expect((await enter(body.user_code)).title).toBe('Is this your device? – Picard');
  expect(await enter('BBBB-BBBB')).toMatchObject({ status: 200 });
  const refused = await enter('CCCC-CCCC');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.text).toContain('Too many codes that are not known came from your address.');
  expect((await enter(body.user_code)).status).toBe(429);
  expect((await browser.open(`/device?user_code=${body.user_code}`)).status).toBe(429);
});

test('whoever signs in is known by the address that the proxy tells', async () => {
  const address = anywhere();
  const { throttle } = stage.picard.picard.services.signIn;
  for (let taken = 0; taken < LIMITS['password-address'].points; taken += 1)
    await throttle.take('password-address', address);
  const browser = new PlainBrowser(new URL(stage.issuer));
  const { search } = await authorizationOf(clientId);
  const page = await browser.open(`/oauth/authorize${search}`);
  const send = (sender: string): Promise<Response> =>
    browser.request(new URL(`${page.url.pathname}/sign-in`, stage.issuer), {
      method: 'POST',
      headers: { origin: stage.issuer, ...from(sender) },
      body: new URLSearchParams({ ...stage.person }),
    });
  expect((await send(address)).status).toBe(429);
  expect((await send(anywhere())).status).toBe(303);
});

async function authorizationOf(client: string): Promise<URL> {
  const url = stage.at('/oauth/authorize');
  url.search = new URLSearchParams({
    client_id: client,
    redirect_uri: 'http://127.0.0.1:43210/callback',
    response_type: 'code',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString();
  return url;
}
