import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

test('a host registers, a person allows, and its token is good at the resource it is for, and there alone', async () => {
  const clientId = await stage.host();
  const code = await stage.code(clientId);
  const { status, body } = await stage.post('/oauth/token', code);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', scope: 'memories:read memories:write' });
  const claims = decodeJwt(body.access_token);
  expect(decodeProtectedHeader(body.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  expect(claims).toMatchObject({
    iss: stage.issuer,
    aud: stage.resources.graphql,
    sub: stage.accountId,
    client_id: clientId,
    gid: expect.any(String),
    auth_time: expect.any(Number),
  });
  const { viewer } = await stage.picard.data<{ viewer: { scopes: string[]; user: { id: string } } }>(
    '{ viewer { scopes user { id } } }',
    {},
    body.access_token,
  );
  expect(viewer.user.id).toBe(stage.accountId);
  expect(viewer.scopes.sort()).toEqual(['memories:read', 'memories:write']);
  expect(await stage.statusAt('rest', body.access_token)).toBe(404);
  expect(await stage.statusAt('mcp', body.access_token)).toBe(401);

  const forMcp = await stage.tokens(clientId, { resource: stage.resources.mcp });
  expect(await stage.statusAt('mcp', forMcp.access_token)).not.toBe(401);
  expect(await stage.statusAt('graphql', forMcp.access_token)).toBe(401);
});
