import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

const WRITING = 'memories:read memories:write';

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

test('a host that asks for offline access at each refresh, as Codex does, goes on', async () => {
  const tokens = await stage.tokens(clientId, {
    scope: `${WRITING} offline_access`,
    resource: stage.resources.mcp,
  });
  const { status, body } = await stage.refresh(clientId, tokens.refresh_token, {
    scope: `${WRITING} offline_access`,
  });
  expect(body).toMatchObject({ scope: WRITING });
  expect(status).toBe(200);
  expect(await stage.statusAt('mcp', body.access_token)).toBe(200);
});

test('a refresh never widens what was granted', async () => {
  const tokens = await stage.tokens(clientId, { scope: 'memories:read', resource: stage.resources.mcp });
  const { body } = await stage.refresh(clientId, tokens.refresh_token, { scope: `${WRITING} openid` });
  expect(body.scope).toBe('memories:read');
});

test('a refresh may ask for less, and is refused when nothing of it was granted', async () => {
  const tokens = await stage.tokens(clientId, { scope: WRITING, resource: stage.resources.mcp });
  const { body } = await stage.refresh(clientId, tokens.refresh_token, { scope: 'memories:read' });
  expect(body.scope).toBe('memories:read');
  const refused = await stage.refresh(clientId, body.refresh_token, { scope: 'memories:admin' });
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
});
