import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proofKey } from './oauth-browser.ts';
import { OauthStage } from './oauth-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

const ID = 'https://host.example/oauth/client.json';
const document = {
  client_id: ID,
  client_name: 'Host',
  client_uri: 'https://host.example',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};
const documents = new Map<string, unknown>([[ID, document]]);
const fetched: string[] = [];

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open({
    fetchDocument: async (url) => {
      fetched.push(String(url));
      const found = documents.get(String(url));
      return found ? new Response(JSON.stringify(found)) : new Response('', { status: 404 });
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const redirect = { redirect_uri: 'http://localhost:51234/callback' };

test('a host is known by a document of its own, at any port of this machine (Client ID Metadata Documents)', async () => {
  const code = await stage.code(ID, { ...redirect, resource: stage.resources.mcp });
  const { status, body } = await stage.post('/oauth/token', code);
  expect(status).toBe(200);
  expect(await stage.statusAt('mcp', body.access_token)).not.toBe(401);
  expect((await stage.refresh(ID, body.refresh_token)).status).toBe(200);
  // Each process keeps what it has fetched.
  const times = fetched.filter((url) => url === ID).length;
  expect(times).toBeGreaterThan(0);
  expect(times).toBeLessThanOrEqual(stage.picard.instances.length);
});

test('a person is told where a host is described, allows it, and the host is connected', async () => {
  const browser = new PlainBrowser(new URL(stage.issuer));
  const { verifier, challenge } = proofKey();
  const parameters = { client_id: ID, redirect_uri: 'http://127.0.0.1:51234/callback' };
  const begun = new URLSearchParams({
    ...parameters,
    response_type: 'code',
    scope: 'memories:read',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const signIn = await browser.open(`/oauth/authorize?${begun}`);
  const consent = await browser.press(signIn, 'Sign in', { ...stage.person });
  expect(consent.text).toContain('Let Host use your memories?');
  expect(consent.text).toContain('Described at host.example');
  expect(consent.text).toContain('All that is known of it is that host.example describes it.');
  const { url } = await browser.press(consent, 'Allow', { end: '30' });
  const { status, body } = await stage.post('/oauth/token', {
    ...parameters,
    grant_type: 'authorization_code',
    code: url.searchParams.get('code') ?? '',
    code_verifier: verifier,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.scope).toBe('memories:read');
  const { viewer } = await stage.picard.data<{ viewer: { connectedApps: object } }>(
    '{ viewer { connectedApps { edges { node { clientId name } } } } }',
    {},
    stage.key,
  );
  expect(viewer.connectedApps).toEqual({ edges: [{ node: { clientId: ID, name: 'Host' } }] });
});

describe('a document is refused', () => {
  const bad: Record<string, object> = {
    'of another client': { client_id: 'https://other.example/x' },
    'that shares a secret with everybody': { token_endpoint_auth_method: 'client_secret_basic' },
    'with a secret in it': { client_secret: 'x' },
    'that leads to plain http': { redirect_uris: ['http://evil.example/callback'] },
    'that leads to script': { redirect_uris: ['javascript:alert(1)'] },
    'that is too large': { x: 'y'.repeat(6000) },
    'that wants what only the server gives': { grant_types: ['client_credentials'] },
    'with rights of its own making': { picard_policy: 'trusted' },
    'with keys elsewhere': { jwks_uri: 'https://127.0.0.1/jwks' },
  };
  test.each(Object.entries(bad))('%s', async (name, change) => {
    const id = `https://host.example/${encodeURIComponent(name)}.json`;
    documents.set(id, { ...document, client_id: id, ...change });
    const { url, response } = await stage.authorize(id, redirect);
    expect({ url, status: response?.status }).toEqual({ url: undefined, status: 400 });
    expect(fetched).toContain(id);
  });
});

describe('nothing is fetched from', () => {
  const targets = [
    'https://127.0.0.1/c.json',
    'https://localhost/c.json',
    'https://2130706433/c.json',
    'https://0x7f.1/c.json',
    'https://[::ffff:127.0.0.1]/c.json',
    'https://[::1]/c.json',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/x',
    'https://app.example:8443/c.json',
    'https://metadata.google.internal/c.json',
    'http://host.example/c.json',
  ];
  test.each(targets)('%s', async (id) => {
    const { url, response } = await stage.authorize(id, redirect);
    expect({ url, status: response?.status }).toEqual({ url: undefined, status: 400 });
    expect(fetched).not.toContain(id);
  });
});

test('one host is asked so many times a minute by each process, whatever strangers ask for', async () => {
  const most = 20 * stage.picard.instances.length;
  for (let n = 0; n < 2 * most; n += 1) await stage.authorize(`https://victim.example/${n}.json`, redirect);
  expect(fetched.filter((url) => url.startsWith('https://victim.example/')).length).toBe(most);
});

test('an app proves who it is with keys that it publishes, which are read under the same rules', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const uri = 'https://app.example/jwks';
  documents.set(uri, { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] });
  const redirectUri = 'https://app.example/cb';
  const { body: app } = await stage.register({
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks_uri: uri,
  });
  const assertion = new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(app.client_id)
    .setSubject(app.client_id)
    .setAudience(stage.issuer)
    .setIssuedAt()
    .setExpirationTime('1m');
  const { status, body } = await stage.post('/oauth/token', {
    ...(await stage.code(app.client_id, { redirect_uri: redirectUri })),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion.sign(privateKey),
  });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(fetched).toContain(uri);
});
