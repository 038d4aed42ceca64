import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const EVIL = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '203.0.113.7',
  forwarded: 'host=evil.example;proto=https',
};

/** With headers that `fetch` would not send. */
function ask(
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ text: string; headers: object }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      stage.at(path),
      { method: body === undefined ? 'GET' : 'POST', headers },
      (answer) => {
        let text = '';
        answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
        answer.on('end', () => resolve({ text, headers: answer.headers }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

test('both discovery documents tell the same, and all of it of the public URL (RFC 8414, OpenID Connect Discovery)', async () => {
  const { body: oauth } = await stage.json('/.well-known/oauth-authorization-server');
  const { body: openid } = await stage.json('/.well-known/openid-configuration');
  expect(openid).toEqual(oauth);
  expect(oauth).toMatchObject({
    issuer: stage.issuer,
    authorization_endpoint: `${stage.issuer}/oauth/authorize`,
    token_endpoint: `${stage.issuer}/oauth/token`,
    registration_endpoint: `${stage.issuer}/oauth/register`,
    revocation_endpoint: `${stage.issuer}/oauth/revoke`,
    introspection_endpoint: `${stage.issuer}/oauth/introspect`,
    device_authorization_endpoint: `${stage.issuer}/oauth/device_authorization`,
    userinfo_endpoint: `${stage.issuer}/oauth/userinfo`,
    end_session_endpoint: `${stage.issuer}/oauth/logout`,
    jwks_uri: `${stage.issuer}/oauth/jwks`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    id_token_signing_alg_values_supported: ['ES256'],
  });
  expect(oauth.scopes_supported).toEqual(
    expect.arrayContaining(['memories:read', 'memories:write', 'offline_access']),
  );
  expect(oauth.token_endpoint_auth_signing_alg_values_supported).not.toContain('HS256');
});

test('no header of a request changes an address that is told to others', async () => {
  const form = new URLSearchParams({ client_id: await stage.host(), scope: 'memories:read' });
  const answers = [
    await ask('/.well-known/oauth-authorization-server', EVIL),
    await ask('/.well-known/openid-configuration', EVIL),
    await ask('/.well-known/oauth-protected-resource/graphql', EVIL),
    await ask(
      '/oauth/register',
      { ...EVIL, 'content-type': 'application/json' },
      JSON.stringify({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' }),
    ),
    await ask(`/oauth/authorize?client_id=${await stage.host()}`, EVIL),
    await ask(
      '/graphql',
      { ...EVIL, 'content-type': 'application/json', authorization: 'Bearer a.b.c' },
      '{}',
    ),
    await ask('/device', EVIL),
    await ask('/oauth/logout', EVIL),
    await ask('/token', { ...EVIL, 'content-type': 'application/x-www-form-urlencoded' }, form.toString()),
  ];
  for (const { text, headers } of answers)
    expect(JSON.stringify({ text, headers })).not.toContain('evil.example');
});

test('a form of the device page that was not shown to its sender is refused, and is no fault of ours', async () => {
  const { status } = await stage.post('/device', { user_code: 'AAAA-AAAA', xsrf: 'x', confirm: 'yes' });
  expect(status).toBe(400);
});

test('the library shows nothing for developers', async () => {
  for (const path of ['/oauth/par', '/oauth/backchannel', '/oauth/authorize/abc/login'])
    expect((await stage.json(path)).status).toBe(404);
});

test('nothing is served at another spelling of a path, around which our rules would not hold', async () => {
  const spelled = [
    '/oauth/Token',
    '/oauth/token/',
    '/OAUTH/token',
    '/oauth//token',
    '/oauth/%74oken',
    '/TOKEN',
    '/token/',
  ];
  for (const path of [...spelled, '/oauth/Register', '/oauth/revoke/', '/Device', '/device//'])
    expect((await stage.post(path, { grant_type: 'refresh_token' })).status, path).toBe(404);
  for (const path of ['/oauth/token', '/token'])
    expect((await stage.post(path, { grant_type: 'refresh_token' })).body.error).toBe('invalid_request');
  expect((await fetch(stage.at('/device/'))).status).toBe(200);
});

test('an error page may not be framed and runs no script', async () => {
  const response = await fetch(stage.at('/oauth/authorize?client_id=x'), {
    headers: { accept: 'text/html' },
  });
  expect(response.status).toBe(400);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(await response.text()).not.toContain('<script');
});

test('a public URL with a path is refused: nothing would be found by the well-known names (RFC 8414 section 3.1)', () => {
  for (const url of ['https://example.org/picard', 'https://example.org/?x', 'https://me@example.org'])
    expect(() => readConfig({ PICARD_PUBLIC_URL: url })).toThrow(
      /PICARD_PUBLIC_URL: must be a scheme and a host, without a path: .* Give it a host name of its own/,
    );
  for (const url of ['https://example.org', 'https://example.org/', 'http://localhost:8001'])
    expect(readConfig({ PICARD_PUBLIC_URL: url }).publicUrl).toBe(url);
});
