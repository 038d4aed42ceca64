import { decodeJwt, exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OauthStage, type Json } from './oauth-stage.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

let stage: OauthStage;
let hostId: string;
let keys: { adapter: CryptoKey; importer: CryptoKey };
beforeAll(async () => {
  const [adapter, importer] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  keys = { adapter: adapter.privateKey, importer: importer.privateKey };
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
    },
  });
  hostId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** How a client proves that it is the one on the list (RFC 7523). */
async function assertion(clientId: string, key: CryptoKey, expires = '1m'): Promise<Record<string, string>> {
  const jwt = new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(stage.issuer)
    .setIssuedAt()
    .setExpirationTime(expires);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await jwt.sign(key),
  };
}

async function exchange(subject: string, more: Record<string, string> = {}): Promise<Json> {
  return stage.post('/oauth/token', {
    grant_type: TOKEN_EXCHANGE,
    subject_token: subject,
    subject_token_type: ACCESS_TOKEN,
    ...(await assertion('mcp-adapter', keys.adapter)),
    ...more,
  });
}

const forMcp = (scope = 'memories:read memories:write') =>
  stage.tokens(hostId, { resource: stage.resources.mcp, scope });

describe('token exchange (RFC 8693)', () => {
  test('turns what a host sent for MCP into a short token for the API that names who acts', async () => {
    const { access_token: subject } = await forMcp();
    const { status, body } = await exchange(subject, {
      resource: stage.resources.graphql,
      scope: 'memories:read',
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      scope: 'memories:read',
    });
    expect(body.expires_in).toBeLessThanOrEqual(300);
    expect(body.refresh_token).toBeUndefined();
    const given = decodeJwt(subject);
    const claims = decodeJwt(body.access_token);
    expect(claims).toMatchObject({
      sub: stage.accountId,
      aud: stage.resources.graphql,
      client_id: 'mcp-adapter',
      act: { sub: 'mcp-adapter' },
      gid: given['gid'],
      auth_time: given['auth_time'],
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(300);
    const { viewer } = await stage.picard.data<{ viewer: { scopes: string[] } }>(
      '{ viewer { scopes } }',
      {},
      body.access_token,
    );
    expect(viewer.scopes).toEqual(['memories:read']);
    expect(await stage.statusAt('mcp', body.access_token)).toBe(401);
  });

  test('never widens', async () => {
    const { access_token: subject } = await forMcp('memories:read');
    expect((await exchange(subject, { scope: 'memories:write' })).body.error).toBe('invalid_scope');
    expect((await exchange(subject, { scope: 'memories:read memories:admin' })).body.error).toBe(
      'invalid_scope',
    );
    for (const target of [stage.resources.mcp, 'https://evil.example/graphql'])
      expect((await exchange(subject, { resource: target })).body.error).toBe('invalid_target');
  });

  test('takes nothing but what MCP takes', async () => {
    const { access_token: forGraphql, refresh_token: refresh } = await stage.tokens(hostId);
    for (const subject of [forGraphql, refresh, 'a.b.c', 'nothing'])
      expect((await exchange(subject)).body.error).toBe('invalid_grant');
    const once = await exchange((await forMcp()).access_token);
    expect((await exchange(once.body.access_token)).body.error).toBe('invalid_grant');
    const { access_token: subject } = await forMcp();
    const other = { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' };
    expect((await exchange(subject, other)).body.error).toBe('invalid_request');
  });

  test('serves nobody who does not prove to be the adapter', async () => {
    const { access_token: subject } = await forMcp();
    const asHost = await stage.post('/oauth/token', {
      grant_type: TOKEN_EXCHANGE,
      subject_token: subject,
      subject_token_type: ACCESS_TOKEN,
      client_id: hostId,
    });
    expect(asHost.status).toBe(400);
    const form = { grant_type: TOKEN_EXCHANGE, subject_token: subject, subject_token_type: ACCESS_TOKEN };
    for (const proof of [
      { client_id: 'mcp-adapter' },
      await assertion('mcp-adapter', keys.importer),
      await assertion('mcp-adapter', keys.adapter, '-1m'),
    ])
      expect((await stage.post('/oauth/token', { ...form, ...proof })).status).toBe(401);
    const asService = await stage.post('/oauth/token', {
      ...form,
      ...(await assertion('importer', keys.importer)),
    });
    expect(asService.status).toBe(400);
  });

  test('takes each proof once, of eight at once', async () => {
    const { access_token: subject } = await forMcp();
    const proof = await assertion('mcp-adapter', keys.adapter);
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(subject, proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  });

  test('what it gave ends with the grant', async () => {
    const { access_token: subject, refresh_token: token } = await forMcp();
    const { body } = await exchange(subject);
    expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
    await stage.post('/oauth/revoke', { token, client_id: hostId });
    expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
    expect((await exchange(subject)).body.error).toBe('invalid_grant');
  });

  test('takes an API key for MCP like a token, and what it gave ends with the key', async () => {
    const make = async (face: string) =>
      stage.picard.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
        `mutation { createApiKey(input: { name: "x", scopes: [MEMORIES_READ], faces: [${face}] }) {
          ... on CreateApiKeyPayload { secret apiKey { id } } } }`,
        {},
        stage.key,
      );
    const { createApiKey: key } = await make('MCP');
    const { status, body } = await exchange(key.secret);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.scope).toBe('memories:read');
    expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
    await stage.picard.data(
      'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
      { id: key.apiKey.id },
      stage.key,
    );
    expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
    expect((await exchange((await make('GRAPHQL')).createApiKey.secret)).body.error).toBe('invalid_target');
  });
});

describe('client credentials', () => {
  const ask = async (more: Record<string, string> = {}) =>
    stage.post('/oauth/token', {
      grant_type: 'client_credentials',
      resource: stage.resources.graphql,
      ...(await assertion('importer', keys.importer)),
      ...more,
    });

  test('let a service of the list act as its account, with its scopes and no more', async () => {
    const { status, body } = await ask({ scope: 'memories:write' });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.refresh_token).toBeUndefined();
    const { viewer } = await stage.picard.data<{ viewer: { scopes: string[]; user: { id: string } } }>(
      '{ viewer { scopes user { id } } }',
      {},
      body.access_token,
    );
    expect(viewer.user.id).toBe(stage.accountId);
    expect(viewer.scopes.sort()).toEqual(['memories:read', 'memories:write']);
    expect((await ask({ scope: 'memories:admin' })).body.error).toBe('invalid_scope');
  });

  test('a token of a service is revoked by it', async () => {
    const { body } = await ask({ scope: 'memories:write' });
    await stage.post('/oauth/revoke', {
      token: body.access_token,
      ...(await assertion('importer', keys.importer)),
    });
    expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
  });
});
