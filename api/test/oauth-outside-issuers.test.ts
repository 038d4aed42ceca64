import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

/** An OpenID provider of somebody else's. */
let provider: Server;
let issuer: string;
let key: CryptoKey;
let stage: OauthStage;
beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  provider = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: [jwk] },
    };
    response.end(JSON.stringify(answers[request.url ?? ''] ?? {}));
  }).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  stage = await OauthStage.open({
    env: {
      PICARD_TRUSTED_ISSUERS: JSON.stringify([
        { issuer, audience: 'picard', accounts: { '00u1': 'ada', '00u2': 'nobody-here' } },
        { issuer: `${issuer}/claims`, audience: 'picard', jwksUri: `${issuer}/keys`, handleClaim: 'handle' },
      ]),
    },
  });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  provider.close();
});

function token(claims: JWTPayload, signingKey: CryptoKey | Uint8Array = key, alg = 'RS256'): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, aud: 'picard', sub: '00u1', iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg, kid: 'one' })
    .sign(signingKey);
}

test('a token of a trusted issuer is its account, at every face, and no administrator', async () => {
  for (const claims of [{}, { iss: `${issuer}/claims`, sub: 'x', handle: 'ada' }]) {
    const bearer = await token(claims);
    const { viewer } = await stage.picard.data<{
      viewer: { scopes: string[]; administrator: boolean; user: { id: string } };
    }>('{ viewer { scopes administrator user { id } } }', {}, bearer);
    expect(viewer).toEqual({
      scopes: ['memories:read', 'memories:write'],
      administrator: false,
      user: { id: stage.accountId },
    });
    expect(await stage.statusAt('mcp', bearer)).not.toBe(401);
  }
  const admin = await token({ iss: `${issuer}/claims`, handle: 'admin' });
  const { viewer } = await stage.picard.data<{ viewer: { administrator: boolean } }>(
    '{ viewer { administrator } }',
    {},
    admin,
  );
  expect(viewer.administrator).toBe(false);
});

test('any other is refused', async () => {
  const now = Math.floor(Date.now() / 1000);
  const { privateKey: stranger } = await generateKeyPair('RS256');
  const refused = [
    token({ aud: 'another-app' }),
    token({ iss: 'https://evil.example' }),
    token({ iss: stage.issuer }),
    token({ sub: '00u9' }),
    token({ sub: '00u2' }),
    token({ sub: 'toString' }),
    token({ exp: now - 20 }),
    token({ handle: 'ada', sub: 'x' }),
    token({}, stranger),
    token({}, new TextEncoder().encode('a secret of thirty-two bytes, all'), 'HS256'),
  ];
  for (const each of refused) expect(await stage.statusAt('graphql', await each)).toBe(401);
});
