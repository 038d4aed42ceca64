import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
let web: string;
let native: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  const { body } = await stage.register({ redirect_uris: ['https://app.example/cb'] });
  web = body.client_id;
  native = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('an address that was not registered gets nothing', () => {
  const ofWeb = [
    'https://app.example/cb/../evil',
    'https://app.example/cb?x=1',
    'https://app.example.evil/cb',
    'https://app.example/cb#f',
    'http://app.example/cb',
    'https://app.example:444/cb',
    'https://user@app.example/cb',
    'https://app.example/CB',
    'https://app.example/cb%2f',
    'https://app.example/cb/',
    '//evil.example',
    'javascript:alert(1)',
    'https://app.example\\@evil.example/cb',
  ];
  test.each(ofWeb)('%s', async (redirect) => {
    const { url, response } = await stage.authorize(web, { redirect_uri: redirect });
    expect({ url, status: response?.status }).toEqual({ url: undefined, status: 400 });
  });

  const ofHost = [
    'http://127.0.0.1:1/callback/../x',
    'http://127.0.0.2:1/callback',
    'http://localhost:1/callback',
    'http://127.0.0.1.evil.example/callback',
    'http://127.0.0.1:1@evil.example/callback',
    'http://[::1]:9/callback',
    'https://127.0.0.1:1/callback',
  ];
  test.each(ofHost)('%s', async (redirect) => {
    const { url, response } = await stage.authorize(native, { redirect_uri: redirect });
    expect({ url, status: response?.status }).toEqual({ url: undefined, status: 400 });
  });
});

test('a host on this machine is answered at whatever port it listens on, with its state and our name', async () => {
  for (const port of [1024, 51_234, 65_535]) {
    const { url } = await stage.authorize(native, { redirect_uri: `http://127.0.0.1:${port}/callback` });
    expect(url?.origin).toBe(`http://127.0.0.1:${port}`);
    expect(url?.searchParams.get('code')).toBeTruthy();
    expect(url?.searchParams.get('state')).toBe('a-state');
    // RFC 9207.
    expect(url?.searchParams.get('iss')).toBe(stage.issuer);
  }
});

test('an app with a scheme of its own is answered there', async () => {
  const redirect = 'cursor://anysphere.cursor-retrieval/oauth/callback';
  const { body } = await stage.register({ redirect_uris: [redirect], token_endpoint_auth_method: 'none' });
  const { url } = await stage.authorize(body.client_id, { redirect_uri: redirect });
  expect(url?.href).toMatch(/^cursor:\/\/anysphere\.cursor-retrieval\/oauth\/callback\?code=/);
});

describe('every client proves that it began the authorization (RFC 7636)', () => {
  const downgrades = {
    'no challenge': { code_challenge: undefined, code_challenge_method: undefined },
    'a plain challenge': { code_challenge_method: 'plain' },
    'a challenge without its method, which would be plain': { code_challenge_method: undefined },
  };
  test.each(Object.entries(downgrades))('%s is refused', async (_name, parameters) => {
    for (const [clientId, redirect] of [
      [web, 'https://app.example/cb'],
      [native, 'http://127.0.0.1:43210/callback'],
    ] as const) {
      const { url } = await stage.authorize(clientId, { redirect_uri: redirect, ...parameters });
      expect(url?.searchParams.get('error')).toBe('invalid_request');
      expect(url?.searchParams.get('code')).toBeNull();
    }
  });

  test('another verifier, or none, redeems nothing', async () => {
    for (const verifier of ['x'.repeat(43), undefined]) {
      const { code_verifier: _kept, ...code } = await stage.code(native);
      const form = verifier === undefined ? code : { ...code, code_verifier: verifier };
      expect((await stage.post('/oauth/token', form)).status).toBe(400);
    }
  });
});

test('a code is for the client and the address that it was made for', async () => {
  const other = await stage.host();
  const code = await stage.code(native);
  expect((await stage.post('/oauth/token', { ...code, client_id: other })).status).toBe(400);
  const again = await stage.code(native);
  const elsewhere = { ...again, redirect_uri: 'http://127.0.0.1:1/callback' };
  expect((await stage.post('/oauth/token', elsewhere)).status).toBe(400);
});

test('only codes are given', async () => {
  for (const type of ['token', 'id_token', 'code id_token', 'none']) {
    const { url } = await stage.authorize(native, { response_type: type, nonce: 'n' });
    const answer = new URLSearchParams(url?.hash.slice(1) || url?.search);
    // What would come in a fragment is refused for that first.
    expect(answer.get('error')).toMatch(/^(unsupported_response_type|invalid_request)$/);
    for (const given of ['code', 'access_token', 'id_token']) expect(answer.get(given)).toBeNull();
  }
});

test('a code comes back in the query alone (ASVS 10.4.12)', async () => {
  for (const mode of ['fragment', 'form_post', 'web_message', 'jwt', 'query.jwt']) {
    const { url, response } = await stage.authorize(native, { response_mode: mode });
    const told = `${url?.href} ${await response?.text()}`;
    expect(told).not.toMatch(/[?&#"]code(=|")/);
    expect(told).toMatch(/invalid_request|unsupported_response_mode/);
  }
  const { url } = await stage.authorize(native, { response_mode: 'query' });
  expect(url?.searchParams.get('code')).toBeTruthy();
});

test('a host that names no scope is asked for reading alone', async () => {
  const tokens = await stage.tokens(native, { scope: undefined, resource: stage.resources.mcp });
  expect(tokens.scope).toBe('memories:read');
  expect(tokens.refresh_token).toBeTruthy();
});

test('a host that names no resource gets a token for MCP', async () => {
  const tokens = await stage.tokens(await stage.host(), { resource: undefined });
  expect(await stage.statusAt('mcp', tokens.access_token)).not.toBe(401);
  expect(await stage.statusAt('graphql', tokens.access_token)).toBe(401);
});

test('a resource of somebody else is refused, at both ends', async () => {
  const { url } = await stage.authorize(native, { resource: 'https://evil.example/mcp' });
  expect(url?.searchParams.get('error')).toBe('invalid_target');
  const code = await stage.code(native);
  const { body } = await stage.post('/oauth/token', { ...code, resource: stage.resources.mcp });
  expect(body.error).toBe('invalid_target');
});

test('an app that was not registered is told so on a page, and nobody is sent anywhere', async () => {
  const { url, response } = await stage.authorize('4b3e0f0e-7b8c-4f0e-9d1a-000000000000', {
    redirect_uri: LOOPBACK,
  });
  expect(url).toBeUndefined();
  expect(response?.status).toBe(400);
  expect(response?.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
