import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

describe('registration (RFC 7591)', () => {
  test('gives a public client an id and no secret, and a confidential one both', async () => {
    const host = await stage.register({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' });
    expect(host.status).toBe(201);
    expect(host.body).toMatchObject({
      client_id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      registration_client_uri: `${stage.issuer}/oauth/register/${host.body.client_id}`,
      registration_access_token: expect.any(String),
    });
    expect(host.body.client_secret).toBeUndefined();
    const web = await stage.register({ redirect_uris: ['https://app.example/cb'] });
    expect(web.body).toMatchObject({
      application_type: 'web',
      client_secret: expect.stringMatching(/^.{43,}$/),
    });
  });

  const taken: Record<string, unknown>[] = [
    { redirect_uris: ['https://vscode.dev/redirect', 'http://127.0.0.1/', 'http://127.0.0.1:33418/'] },
    { redirect_uris: ['cursor://anysphere.cursor-retrieval/oauth/callback'] },
    { redirect_uris: ['vscode://vscode.github-authentication/did-authenticate'] },
    { redirect_uris: ['com.example.app:/oauth'] },
    { redirect_uris: ['http://[::1]:3000/cb', 'http://localhost/cb'] },
    { redirect_uris: ['https://app.example/cb'], scope: 'memories:read something:else' },
  ];
  test.each(taken)('takes %j', async (metadata) => {
    expect((await stage.register({ token_endpoint_auth_method: 'none', ...metadata })).status).toBe(201);
  });

  const refused: Record<string, unknown>[] = [
    { redirect_uris: ['http://evil.example/cb'] },
    { redirect_uris: ['https://app.example/cb', 'http://evil.example/cb'] },
    { redirect_uris: ['javascript:alert(1)'] },
    { redirect_uris: ['javascript:alert(1)'], application_type: 'native' },
    { redirect_uris: ['data:text/html,x'], application_type: 'native' },
    { redirect_uris: ['file:///etc/passwd'], application_type: 'native' },
    { redirect_uris: ['ms-msdt:/x'], application_type: 'native' },
    { redirect_uris: ['http://127.0.0.2/cb'] },
    { redirect_uris: ['http://127.0.0.1.evil.example/cb'] },
    { redirect_uris: ['http://127.0.0.1@evil.example/cb'] },
    { redirect_uris: ['https://user:pw@app.example/cb'] },
    { redirect_uris: ['https://app.example/cb#x'] },
    { redirect_uris: ['//app.example'] },
    { redirect_uris: [] },
    { redirect_uris: 'https://app.example/cb' },
    { redirect_uris: [{}] },
    { redirect_uris: ['https://app.example/cb'], logo_uri: 'javascript:1' },
    { redirect_uris: ['https://app.example/cb'], grant_types: ['password'] },
    { redirect_uris: ['https://app.example/cb'], grant_types: ['client_credentials'] },
    { redirect_uris: ['https://app.example/cb'], grant_types: [TOKEN_EXCHANGE] },
    { redirect_uris: ['https://app.example/cb'], grant_types: ['authorization_code', 'implicit'] },
    { redirect_uris: ['https://app.example/cb'], response_types: ['code id_token'] },
    { redirect_uris: ['https://app.example/cb'], response_modes: ['query', 'fragment'] },
    { redirect_uris: ['https://app.example/cb'], token_endpoint_auth_method: 'tls_client_auth' },
    { redirect_uris: ['https://app.example/cb'], jwks_uri: 'https://app.example/jwks' },
    ...[
      'http://127.0.0.1:1/jwks',
      'https://127.0.0.1/jwks',
      'https://localhost/jwks',
      'https://app.example:8443/jwks',
    ].map((uri) => ({
      redirect_uris: ['https://app.example/cb'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks_uri: uri,
    })),
    { redirect_uris: ['https://app.example/cb'], sector_identifier_uri: 'https://app.example/sector' },
    { redirect_uris: ['https://app.example/cb'], picard_policy: 'trusted' },
    { redirect_uris: ['https://app.example/cb'], client_name: 'x'.repeat(101) },
    { redirect_uris: ['https://app.example/cb'], post_logout_redirect_uris: ['http://evil.example/'] },
  ];
  test.each(refused)('refuses %j', async (metadata) => {
    const { status, body } = await stage.register(metadata);
    expect(status, JSON.stringify(body)).toBe(400);
    expect(body.error).toMatch(/^invalid_(client_metadata|redirect_uri)$/);
  });

  test('what a client says of itself gives it no rights', async () => {
    const { body } = await stage.register({
      client_id: 'mcp-adapter',
      client_name: 'mcp-adapter',
      redirect_uris: ['https://app.example/cb'],
      software_id: 'mcp-adapter',
    });
    expect(body.client_id).not.toBe('mcp-adapter');
    const form = {
      grant_type: TOKEN_EXCHANGE,
      client_id: body.client_id,
      client_secret: body.client_secret,
      subject_token: stage.key,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    };
    expect((await stage.post('/oauth/token', form)).status).toBe(400);
    expect((await stage.post('/oauth/token', { ...form, grant_type: 'client_credentials' })).status).toBe(
      400,
    );
  });

  test('hosts of before the metadata register at the root', async () => {
    const { status } = await stage.json('/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [LOOPBACK], token_endpoint_auth_method: 'none' }),
    });
    expect(status).toBe(201);
  });

  test('hosts in a browser register, and redeem codes, from where they are sent back to', async () => {
    const origin = 'http://localhost:6274';
    for (const path of [
      '/oauth/register',
      '/oauth/token',
      '/.well-known/oauth-authorization-server',
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource/graphql',
      '/oauth/jwks',
    ]) {
      const { status, headers } = await stage.json(path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
      expect({ path, status }).toEqual({ path, status: 204 });
      expect(['*', origin]).toContain(headers.get('access-control-allow-origin'));
    }
    const redirect = `${origin}/oauth/callback`;
    const { body } = await stage.register({ redirect_uris: [redirect], token_endpoint_auth_method: 'none' });
    const redeem = async (from: string) =>
      stage.post('/oauth/token', await stage.code(body.client_id, { redirect_uri: redirect }), {
        origin: from,
      });
    const good = await redeem(origin);
    expect(good.status).toBe(200);
    expect(good.headers.get('access-control-allow-origin')).toBe(origin);
    expect((await redeem('https://evil.example')).status).toBe(400);
  });
});
