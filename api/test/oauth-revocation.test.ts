import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});

describe('whoever revokes one token of a family ends it (RFC 7009)', () => {
  test.each(['refresh_token', 'access_token'] as const)('a %s', async (kind) => {
    const tokens = await stage.tokens(clientId);
    const sibling = (await stage.refresh(clientId, tokens.refresh_token)).body;
    expect(await stage.statusAt('graphql', tokens.access_token)).toBe(200);
    const { status } = await stage.post('/oauth/revoke', {
      token: sibling[kind],
      token_type_hint: kind,
      client_id: clientId,
    });
    expect(status).toBe(200);
    expect(await stage.refusedWithinASecond('graphql', tokens.access_token)).toBe(true);
    expect(await stage.statusAt('graphql', sibling.access_token)).toBe(401);
    expect(await stage.refresh(clientId, sibling.refresh_token)).toMatchObject({ status: 400 });
  });

  test('not a token of another app', async () => {
    const other = await stage.host();
    const tokens = await stage.tokens(clientId);
    for (const token of [tokens.refresh_token, tokens.access_token])
      await stage.post('/oauth/revoke', { token, client_id: other });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await stage.statusAt('graphql', tokens.access_token)).toBe(200);
    expect((await stage.refresh(clientId, tokens.refresh_token)).status).toBe(200);
  });

  test('what is no token is no error', async () => {
    for (const token of ['nothing', 'a.b.c', stage.key])
      expect((await stage.post('/oauth/revoke', { token, client_id: clientId })).status).toBe(200);
  });
});

describe('introspection (RFC 7662)', () => {
  test('tells an app of its own tokens, and of a revoked one nothing', async () => {
    const tokens = await stage.tokens(clientId);
    const ask = (token: string) => stage.post('/oauth/introspect', { token, client_id: clientId });
    const { jti } = decodeJwt(tokens.access_token);
    expect((await ask(tokens.access_token)).body).toMatchObject({
      active: true,
      jti,
      sub: stage.accountId,
      aud: stage.resources.graphql,
      iss: stage.issuer,
      client_id: clientId,
      scope: 'memories:read memories:write',
      token_type: 'Bearer',
    });
    expect((await ask(tokens.refresh_token)).body).toMatchObject({ active: true, client_id: clientId });
    await stage.post('/oauth/revoke', { token: tokens.refresh_token, client_id: clientId });
    expect((await ask(tokens.access_token)).body).toEqual({ active: false });
    expect((await ask(tokens.refresh_token)).body).toEqual({ active: false });
  });

  test('tells another app nothing, whatever it calls itself', async () => {
    const tokens = await stage.tokens(clientId);
    const { body: curious } = await stage.register({
      redirect_uris: ['https://curious.example/cb'],
      client_name: 'mcp-adapter',
    });
    const headers = basic(curious.client_id, curious.client_secret);
    for (const token of [tokens.access_token, tokens.refresh_token])
      expect((await stage.post('/oauth/introspect', { token }, headers)).body).toEqual({ active: false });
  });

  test('tells nobody who does not authenticate', async () => {
    const { access_token: token } = await stage.tokens(clientId);
    expect((await stage.post('/oauth/introspect', { token })).status).toBeGreaterThanOrEqual(400);
    const { body } = await stage.register({ redirect_uris: ['https://app.example/cb'] });
    const { status } = await stage.post('/oauth/introspect', { token }, basic(body.client_id, 'wrong'));
    expect(status).toBe(401);
  });
});
