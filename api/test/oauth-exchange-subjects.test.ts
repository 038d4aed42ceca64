import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage, type Json } from './oauth-stage.ts';

/** An OpenID provider of somebody else's, which publishes one key. */
let provider: Server;
let outside: { issuer: string; key: CryptoKey };
let stage: OauthStage;
let keys: { adapter: CryptoKey; importer: CryptoKey };
let hostId: string;
beforeAll(async () => {
  const [adapter, importer, other] = [
    await generateKeyPair('ES256'),
    await generateKeyPair('ES256'),
    await generateKeyPair('ES256'),
  ];
  keys = { adapter: adapter.privateKey, importer: importer.privateKey };
  const jwk = { ...(await exportJWK(other.publicKey)), alg: 'ES256' };
  provider = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  outside = { issuer, key: other.privateKey };
  stage = await OauthStage.open({
    env: {
      PICARD_ADAPTER_CLIENT: JSON.stringify({
        clientId: 'mcp-adapter',
        publicKey: await exportJWK(adapter.publicKey),
      }),
      PICARD_SERVICE_CLIENTS: JSON.stringify([
        {
          clientId: 'importer',
          account: 'ada',
          scopes: ['memories:write'],
          publicKey: await exportJWK(importer.publicKey),
        },
      ]),
      PICARD_TRUSTED_ISSUERS: JSON.stringify([
        { issuer, audience: 'picard', jwksUri: `${issuer}/keys`, accounts: { a1: 'ada', a2: 'admin' } },
      ]),
    },
  });
  hostId = await stage.host();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  provider.close();
});

async function proof(clientId: string, key: CryptoKey): Promise<Record<string, string>> {
  const jwt = new SignJWT({ jti: randomUUID(), iss: clientId, sub: clientId, aud: stage.issuer })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('1m');
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await jwt.sign(key),
  };
}

async function exchange(subject: string, more: Record<string, string> = {}): Promise<Json> {
  return stage.post('/oauth/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subject,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    ...(await proof('mcp-adapter', keys.adapter)),
    ...more,
  });
}
const forRest = () => ({ audience: stage.resources.mcp.replace(/mcp$/, 'api/tools') });
const whoIs = async (token: string) => {
  const { viewer } = await stage.picard.data<{
    viewer: { scopes: string[]; administrator: boolean; user: { id: string; handle: string } };
  }>('{ viewer { scopes administrator user { id handle } } }', {}, token);
  return viewer;
};
const fromOutside = (sub: string) =>
  new SignJWT({ iss: outside.issuer, aud: 'picard', sub })
    .setProtectedHeader({ alg: 'ES256' })
    .setExpirationTime('5m')
    .sign(outside.key);

test('the audience says for which face: each takes what it would take itself', async () => {
  const { access_token: forGraphql } = await stage.tokens(hostId);
  const { access_token: forMcp } = await stage.tokens(hostId, { resource: stage.resources.mcp });
  expect((await exchange(forGraphql, forRest())).status).toBe(200);
  expect((await exchange(forMcp, { audience: stage.resources.mcp })).status).toBe(200);
  expect((await exchange(forMcp, forRest())).body.error).toBe('invalid_grant');
  expect((await exchange(forGraphql)).body.error).toBe('invalid_grant');
  for (const audience of [stage.resources.graphql, 'mcp', 'https://evil.example/mcp'])
    expect((await exchange(forMcp, { audience })).body.error).toBe('invalid_target');
});

test('a host that revokes its access token ends what that was exchanged for', async () => {
  const { access_token: subject } = await stage.tokens(hostId, { resource: stage.resources.mcp });
  const { body } = await exchange(subject);
  expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
  await stage.post('/oauth/revoke', { token: subject, client_id: hostId });
  expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
});

test('a service of the list is its account through the adapter too, until it revokes its token', async () => {
  const { body: own } = await stage.post('/oauth/token', {
    grant_type: 'client_credentials',
    resource: stage.resources.mcp,
    scope: 'memories:write',
    ...(await proof('importer', keys.importer)),
  });
  const { status, body } = await exchange(own.access_token);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(await whoIs(body.access_token)).toMatchObject({
    scopes: ['memories:read', 'memories:write'],
    user: { id: stage.accountId },
  });
  const reading = await exchange(own.access_token, { scope: 'memories:read' });
  expect((await whoIs(reading.body.access_token)).scopes).toEqual(['memories:read']);
  await stage.post('/oauth/revoke', {
    token: own.access_token,
    ...(await proof('importer', keys.importer)),
  });
  expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
});

test('a token of a trusted issuer is its account through the adapter too, and no administrator', async () => {
  for (const [sub, handle] of [
    ['a1', 'ada'],
    ['a2', 'admin'],
  ] as const) {
    for (const face of [{}, forRest()]) {
      const { status, body } = await exchange(await fromOutside(sub), face);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(await whoIs(body.access_token)).toMatchObject({
        scopes: ['memories:read', 'memories:write'],
        administrator: false,
        user: { handle },
      });
    }
  }
  expect((await exchange(await fromOutside('a3'))).body.error).toBe('invalid_grant');
});
