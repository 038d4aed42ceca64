import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

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
  expect(fetched.filter((url) => url === ID)).toHaveLength(1);
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

test('one host is asked so many times a minute, whatever strangers ask for', async () => {
  for (let n = 0; n < 40; n += 1) await stage.authorize(`https://victim.example/${n}.json`, redirect);
  expect(fetched.filter((url) => url.startsWith('https://victim.example/')).length).toBe(20);
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
