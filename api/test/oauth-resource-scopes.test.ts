import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../src/accounts/viewer.ts';
import { offeredAt } from '../src/oauth/scopes.ts';
import { OauthStage } from './oauth-stage.ts';

const ALL = scopes.join(' ');

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

test('each resource tells what its tokens may carry, and the server all of it', async () => {
  const supported = async (path: string): Promise<string[]> => (await stage.json(path)).body.scopes_supported;
  const { resources } = stage;
  const sorted = (names: readonly string[]): string[] => [...names].sort();
  // Of MCP the manifest decides, by what the tools need.
  expect(sorted(await supported('/.well-known/oauth-protected-resource/mcp'))).toEqual(
    sorted(offeredAt({ resources }, resources.mcp)),
  );
  expect(await supported('/.well-known/oauth-protected-resource/graphql')).toEqual([
    ...offeredAt({ resources }, resources.graphql),
  ]);
  expect(await supported('/.well-known/oauth-authorization-server')).toEqual(
    expect.arrayContaining(['openid', 'offline_access', ...scopes]),
  );
});

test('a host that asks for all that is named gets for MCP what the tools can use, and is told so', async () => {
  const tokens = await stage.tokens(clientId, { scope: ALL, resource: stage.resources.mcp });
  expect(tokens.scope).toBe('memories:read memories:write');
  expect(decodeJwt(tokens.access_token)['scope']).toBe('memories:read memories:write');
  const { body } = await stage.refresh(clientId, tokens.refresh_token);
  expect(body.scope).toBe('memories:read memories:write');
});

test('an app that manages accounts does so by GraphQL', async () => {
  const { scope } = await stage.tokens(clientId, { scope: 'memories:read account:manage' });
  expect(scope).toBe('memories:read account:manage');
});

test('who asks for nothing that is of use there is refused', async () => {
  const { url } = await stage.authorize(clientId, {
    scope: 'account:manage memories:admin',
    resource: stage.resources.mcp,
  });
  expect(url?.searchParams.get('error')).toBe('invalid_scope');
  expect(url?.searchParams.get('error_description')).toContain('memories:read, memories:write');
});

test('a device that names no resource is asked about no more than the tools can use', async () => {
  const { body: device } = await stage.register({
    redirect_uris: [],
    response_types: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
    token_endpoint_auth_method: 'none',
  });
  const begin = (scope: string) =>
    stage.post('/oauth/device_authorization', { client_id: device.client_id, scope });
  const { body } = await begin('memories:read account:manage');
  const { provider } = stage.picard.picard.http.oauth;
  const code = await provider.DeviceCode.find(body.device_code);
  expect(code?.params?.['scope']).toBe('memories:read');
  expect((await begin('account:manage')).body.error).toBe('invalid_scope');
});
