import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';
import { startProxy, type Proxy } from './storage-proxy.ts';

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('while Postgres is away', () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let stage: OauthStage;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startProxy(new URL(database.databaseUrl ?? ''));
    stage = await OauthStage.open({ database: { ...database, databaseUrl: proxy.url } });
  });
  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await database.remove();
  });

  test('apps are asked to come again, and nobody is locked out when it is back', async () => {
    const clientId = await stage.host();
    const tokens = await stage.tokens(clientId);
    const code = await stage.code(clientId);
    proxy.refuse();
    const answers = [
      await stage.refresh(clientId, tokens.refresh_token),
      await stage.post('/oauth/token', code),
      await stage.post('/oauth/revoke', { token: tokens.refresh_token, client_id: clientId }),
      await stage.post('/oauth/introspect', { token: tokens.access_token, client_id: clientId }),
      await stage.register({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' }),
    ];
    for (const { status, headers, body } of answers) {
      expect({ status, error: body.error }).toEqual({ status: 503, error: 'temporarily_unavailable' });
      expect(headers.get('retry-after')).toBe('3');
    }
    const { response } = await stage.authorize(clientId);
    expect(response?.status).toBe(503);
    const page = await fetch(stage.at('/oauth/authorize?client_id=x'), { headers: { accept: 'text/html' } });
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('Picard is not there just now');
    // Keys are published from memory, so resource servers of others go on.
    expect((await stage.json('/oauth/jwks')).status).toBe(200);

    proxy.accept();
    await expect
      .poll(async () => (await stage.refresh(clientId, tokens.refresh_token)).status, { timeout: 10_000 })
      .toBe(200);
    expect((await stage.post('/oauth/token', code)).status).toBe(200);
  });
});
