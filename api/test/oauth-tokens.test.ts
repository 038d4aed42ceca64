import { createHmac, generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unseal } from '../src/storage/encryption.ts';
import { OauthStage, type Tokens } from './oauth-stage.ts';

let stage: OauthStage;
let clientId: string;
let tokens: Tokens;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
  tokens = await stage.tokens(clientId, { scope: 'openid memories:read memories:write' });
});
afterAll(() => stage[Symbol.asyncDispose]());

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs as the server does, with its own key, what it would not. */
async function forged(
  change: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  const { services } = stage.picard.picard;
  const { signingKeys } = await services.dataKeys.ofServer(services.database);
  const [row] = await services.database.forAccounts(
    (sql) =>
      sql<{ id: string; sealed: Buffer }[]>`select id, sealed from signing_keys order by signs_from desc`,
  );
  const jwk = JSON.parse(unseal(signingKeys, row!.sealed, `signing-key|${row!.id}`).toString());
  const claims = { ...decodeJwt(tokens.access_token), ...change };
  const signing = new SignJWT(JSON.parse(JSON.stringify(claims)));
  return signing
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: row!.id, ...header })
    .sign(await importJWK(jwk, 'ES256'));
}

test('the forger works: unchanged, its token is taken', async () => {
  expect(await stage.statusAt('graphql', await forged({}))).toBe(200);
});

describe('a token is refused that is not', () => {
  const now = Math.floor(Date.now() / 1000);
  const changes: Record<string, Record<string, unknown>> = {
    'of this issuer': { iss: 'https://evil.example' },
    'for this resource': { aud: 'https://evil.example/graphql' },
    'for this resource, but the issuer': { aud: 'PLACEHOLDER' },
    'of an account that is here': { sub: '4b3e0f0e-7b8c-4f0e-9d1a-000000000000' },
    'of an app that is connected': { client_id: 'somebody-else' },
    'in time: it has expired': { exp: now - 20 },
    'in time: it is not yet good': { nbf: now + 60 },
    'named: it has no id': { jti: undefined },
    'limited: it never expires': { exp: undefined },
    'free: it is bound to a key': { cnf: { jkt: 'x' } },
    'of a service that is listed': { sub: 'somebody', client_id: 'somebody' },
  };
  test.each(Object.entries(changes))('%s', async (_name, change) => {
    const real = change['aud'] === 'PLACEHOLDER' ? { aud: stage.issuer } : change;
    expect(await stage.statusAt('graphql', await forged(real))).toBe(401);
  });

  test('of the type at+jwt', async () => {
    expect(await stage.statusAt('graphql', await forged({}, { typ: 'JWT' }))).toBe(401);
    const idToken = tokens.id_token ?? '';
    expect(decodeProtectedHeader(idToken).alg).toBe('ES256');
    expect(await stage.statusAt('graphql', idToken)).toBe(401);
  });

  test('signed with ES256 by a key of ours', async () => {
    const header = decodeProtectedHeader(tokens.access_token);
    const [, payload = '', signature = ''] = tokens.access_token.split('.');
    const none = `${part({ ...header, alg: 'none' })}.${payload}.`;
    const { body } = await stage.json('/oauth/jwks');
    const confused = `${part({ ...header, alg: 'HS256' })}.${payload}`;
    const hmac = createHmac('sha256', JSON.stringify(body.keys[0])).update(confused).digest('base64url');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = new SignJWT(decodeJwt(tokens.access_token)).setProtectedHeader({ ...header, alg: 'ES256' });
    const flipped = `${part(header)}.${part({ ...decodeJwt(tokens.access_token), scope: 'memories:admin' })}.${signature}`;
    const embedded = new SignJWT(decodeJwt(tokens.access_token)).setProtectedHeader({
      ...header,
      alg: 'ES256',
      jku: 'https://evil.example/jwks',
    });
    for (const token of [
      none,
      `${none}${signature}`,
      `${confused}.${hmac}`,
      await other.sign(privateKey),
      await embedded.sign(privateKey),
      flipped,
      `${tokens.access_token}x`,
      'a.b.c',
    ])
      expect(await stage.statusAt('graphql', token)).toBe(401);
  });
});

test('clocks may differ by fifteen seconds', async () => {
  const now = Math.floor(Date.now() / 1000);
  expect(await stage.statusAt('graphql', await forged({ jti: 'late', exp: now - 10 }))).toBe(200);
  expect(await stage.statusAt('graphql', await forged({ jti: 'early', nbf: now + 10 }))).toBe(200);
});

test('the scope of an administrator is worth nothing in other hands', async () => {
  const admin = await forged({ jti: 'admin', scope: 'memories:read memories:admin' });
  const { viewer } = await stage.picard.data<{ viewer: { scopes: string[]; administrator: boolean } }>(
    '{ viewer { scopes administrator } }',
    {},
    admin,
  );
  expect(viewer).toEqual({ scopes: ['memories:read'], administrator: false });
});

test('a token for MCP can do no more than the tools, whatever it says', async () => {
  const { oauth } = stage.picard.picard.http;
  const wide = { scope: 'memories:read memories:write account:manage', aud: stage.resources.mcp };
  const viewer = await oauth.authenticate(await forged({ jti: 'wide', ...wide }), 'mcp');
  expect([...(viewer?.scopes ?? [])]).toEqual(['memories:read', 'memories:write']);
});

test('a refusal tells where to get a token (RFC 9728), for each resource', async () => {
  for (const [path, resource] of [
    ['/graphql', 'graphql'],
    ['/mcp', 'mcp'],
  ] as const) {
    for (const token of [undefined, 'a.b.c', 'picard_unknown']) {
      const response = await fetch(stage.at(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query: '{ viewer { scopes } }' }),
      });
      expect(response.status).toBe(401);
      const challenge = response.headers.get('www-authenticate') ?? '';
      expect(challenge).toMatch(/^Bearer /);
      expect(challenge.includes('error="invalid_token"')).toBe(token !== undefined);
      const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
      const metadata = (await (await fetch(url)).json()) as Record<string, unknown>;
      expect(metadata).toMatchObject({
        resource: stage.resources[resource],
        authorization_servers: [stage.issuer],
        bearer_methods_supported: ['header'],
      });
    }
  }
});

test('an API key that does not name a face is told so, as before', async () => {
  const made = await stage.picard.data<{ createApiKey: { secret: string } }>(
    `mutation { createApiKey(input: { name: "mcp", scopes: [MEMORIES_READ], faces: [MCP] }) {
      ... on CreateApiKeyPayload { secret } } }`,
    {},
    stage.key,
  );
  expect(await stage.statusAt('graphql', made.createApiKey.secret)).toBe(403);
  expect(await stage.statusAt('mcp', made.createApiKey.secret)).not.toBe(401);
});
