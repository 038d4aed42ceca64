import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotateMasterKey } from '../src/admin/rotate-master-key.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

/** The same in each life of the server, whatever port it gets. */
const ENV = { PICARD_PUBLIC_URL: 'http://localhost:1' };

let database: TestDatabase;
let stage: OauthStage;
beforeAll(async () => {
  database = await createTestDatabase();
  stage = await OauthStage.open({ database, env: ENV });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await database.remove();
});

/** Every row of every table of the authorization server, as text. */
async function dump(): Promise<string> {
  const tables = [
    'oauth_models',
    'revoked_tokens',
    'signing_keys',
    'connected_apps',
    'sessions',
    'server_keys',
    'users',
  ];
  return stage.picard.picard.services.database.asOwner(async (sql) => {
    await sql`set local role picard_accounts`;
    const texts: string[] = [];
    for (const table of tables) {
      const rows = await sql<{ row: string }[]>`select t::text as row from ${sql(table)} t`;
      texts.push(...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  });
}

test('a dump holds no token, code, secret or private key, written as text or in bytes', async () => {
  const { body: app } = await stage.register({
    client_name: 'Confidential',
    redirect_uris: ['https://app.example/cb'],
  });
  const { body: host } = await stage.register({
    redirect_uris: [LOOPBACK],
    token_endpoint_auth_method: 'none',
  });
  const unused = await stage.code(host.client_id);
  const tokens = await stage.tokens(host.client_id);
  const { body: device } = await stage.register({
    redirect_uris: [],
    response_types: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    token_endpoint_auth_method: 'none',
  });
  const { body: codes } = await stage.post('/oauth/device_authorization', { client_id: device.client_id });
  await stage.post('/oauth/revoke', { token: tokens.refresh_token, client_id: host.client_id });

  const secrets = [
    app.client_secret,
    app.registration_access_token,
    host.registration_access_token,
    unused['code'],
    unused['code_verifier'],
    tokens.refresh_token,
    tokens.access_token,
    codes.device_code,
    codes.user_code,
    codes.user_code.replace('-', ''),
    ...stage.browser.cookies.values(),
  ].map(String);
  const text = await dump();
  // The dump is one: it holds what is not secret.
  expect(text).toContain(host.client_id);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(7);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('hex'));
  }
  expect(text).not.toMatch(/"d": ?"/);
});

test('a new master key wraps the keys of the server too, under which everything still opens', async () => {
  const clientId = await stage.host();
  const tokens = await stage.tokens(clientId);
  const { services } = stage.picard.picard;
  const versions = () =>
    services.database.forAccounts(async (sql) => {
      const rows = await sql<{ masterKeyVersion: number }[]>`select master_key_version from server_keys`;
      return rows.map(({ masterKeyVersion }) => masterKeyVersion);
    });
  expect(await versions()).toEqual([1]);
  await rotateMasterKey(services);
  expect(await versions()).toEqual([2]);
  // Another life of the server, that has read nothing before.
  await stage.picard[Symbol.asyncDispose]();
  stage = await OauthStage.reopen(stage, { database, env: ENV });
  expect((await stage.refresh(clientId, tokens.refresh_token)).status).toBe(200);
});
