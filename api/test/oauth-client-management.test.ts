import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepOnce } from '../src/oauth/sweep-oauth.ts';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('management (RFC 7592)', () => {
  const manage = (
    client: { registration_client_uri: string; registration_access_token: string },
    init: RequestInit = {},
  ) =>
    stage.json(client.registration_client_uri, {
      ...init,
      headers: {
        authorization: `Bearer ${client.registration_access_token}`,
        'content-type': 'application/json',
      },
    });

  test('a client reads, changes and deletes itself; a token that was replaced does no more', async () => {
    const { body: client } = await stage.register({
      redirect_uris: [LOOPBACK],
      token_endpoint_auth_method: 'none',
    });
    expect((await manage(client)).status).toBe(200);
    const change = {
      client_id: client.client_id,
      client_name: 'Renamed',
      redirect_uris: [LOOPBACK],
      token_endpoint_auth_method: 'none',
    };
    const changed = await manage(client, { method: 'PUT', body: JSON.stringify(change) });
    expect(changed).toMatchObject({ status: 200, body: { client_name: 'Renamed' } });
    expect((await manage(client)).status).toBe(401);
    expect((await manage(changed.body)).status).toBe(200);
    const worse = { ...change, redirect_uris: ['http://evil.example/cb'] };
    expect((await manage(changed.body, { method: 'PUT', body: JSON.stringify(worse) })).status).toBe(400);
    expect((await manage(changed.body, { method: 'DELETE' })).status).toBe(204);
    expect((await manage(changed.body)).status).toBe(401);
    expect((await stage.authorize(client.client_id)).response?.status).toBe(400);
  });

  test('nobody manages another client', async () => {
    const { body: mine } = await stage.register({
      redirect_uris: [LOOPBACK],
      token_endpoint_auth_method: 'none',
    });
    const { body: other } = await stage.register({
      redirect_uris: [LOOPBACK],
      token_endpoint_auth_method: 'none',
    });
    const crossed = { ...mine, registration_client_uri: other.registration_client_uri };
    expect((await manage(crossed)).status).toBe(401);
    expect((await manage({ ...mine, registration_access_token: 'guess' })).status).toBe(401);
  });
});

test('a client that was never allowed anything is forgotten after a day, and one that was stays', async () => {
  const { services } = stage.picard.picard;
  const unused = await stage.host();
  const used = await stage.host();
  await stage.tokens(used);
  await services.database.forAccounts(
    (sql) => sql`update oauth_models set created_at = now() - interval '25 hours' where model = 'Client'`,
  );
  const young = await stage.host();
  await sweepOnce(services);
  expect((await stage.authorize(unused)).response?.status).toBe(400);
  for (const clientId of [used, young]) expect((await stage.authorize(clientId)).url).toBeDefined();
});
