import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOOPBACK, OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
beforeAll(async () => {
  stage = await OauthStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

interface App {
  clientId: string;
  name: string;
  pausedAt: string | null;
  lastUsedAt: string | null;
}

const apps = async (key = stage.key): Promise<App[]> => {
  const { viewer } = await stage.picard.data<{ viewer: { connectedApps: { edges: { node: App }[] } } }>(
    '{ viewer { connectedApps { edges { node { clientId name pausedAt lastUsedAt } } } } }',
    {},
    key,
  );
  return viewer.connectedApps.edges.map(({ node }) => node);
};
const change = async (field: string, input: Record<string, string>, key = stage.key) => {
  const type = { renameConnectedApp: 'RenameConnectedAppInput', endSession: 'EndSessionInput' }[field];
  const data = await stage.picard.data<Record<string, { __typename: string; code?: string }>>(
    `mutation ($input: ${type ?? 'ConnectedAppInput'}!) {
      ${field}(input: $input) { __typename ... on UserError { code } } }`,
    { input },
    key,
  );
  return data[field];
};

test('what somebody connected is listed by the name that the app gives, until its owner gives another', async () => {
  const { body } = await stage.register({
    client_name: 'A host',
    redirect_uris: [LOOPBACK],
    token_endpoint_auth_method: 'none',
  });
  const clientId: string = body.client_id;
  const tokens = await stage.tokens(clientId);
  expect(await stage.statusAt('graphql', tokens.access_token)).toBe(200);
  expect(await apps()).toEqual([
    { clientId, name: 'A host', pausedAt: null, lastUsedAt: expect.any(String) },
  ]);
  expect(await change('renameConnectedApp', { clientId, name: 'My laptop' })).toMatchObject({
    __typename: 'ConnectedAppPayload',
  });
  await stage.tokens(clientId);
  expect((await apps())[0]?.name).toBe('My laptop');
  expect(await change('renameConnectedApp', { clientId, name: ' ' })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(await apps(stage.picard.key)).toEqual([]);
  expect(await change('renameConnectedApp', { clientId, name: 'x' }, stage.picard.key)).toMatchObject({
    code: 'CONNECTED_APP_NOT_FOUND',
  });
});

test('a paused app is refused within a second, and goes on where it was', async () => {
  const clientId = await stage.host();
  const { access_token: token } = await stage.tokens(clientId, { resource: stage.resources.mcp });
  expect(await stage.statusAt('mcp', token)).not.toBe(401);
  await change('pauseConnectedApp', { clientId });
  expect(await stage.refusedWithinASecond('mcp', token)).toBe(true);
  await change('resumeConnectedApp', { clientId });
  expect(await stage.statusAt('mcp', token)).not.toBe(401);
});

test('a disconnected app is refused within a second and for good; connected anew it begins anew', async () => {
  const clientId = await stage.host();
  const first = await stage.tokens(clientId);
  expect(await change('disconnectApp', { clientId }, stage.picard.key)).toMatchObject({
    code: 'CONNECTED_APP_NOT_FOUND',
  });
  expect(await stage.statusAt('graphql', first.access_token)).toBe(200);
  await change('disconnectApp', { clientId });
  expect(await stage.refusedWithinASecond('graphql', first.access_token)).toBe(true);
  expect((await stage.refresh(clientId, first.refresh_token)).status).toBe(400);
  expect((await apps()).map((app) => app.clientId)).not.toContain(clientId);
  expect(await change('disconnectApp', { clientId })).toMatchObject({ code: 'CONNECTED_APP_NOT_FOUND' });

  const again = await stage.tokens(clientId);
  expect(await stage.statusAt('graphql', again.access_token)).toBe(200);
  expect(await stage.statusAt('graphql', first.access_token)).toBe(401);
});

test('a browser that is signed in is listed, and asked to sign in again when its session is ended', async () => {
  const browser = stage.newBrowser();
  const clientId = await stage.host();
  await stage.authorize(clientId, {}, browser);
  await stage.authorize(clientId, {}, browser);
  expect(browser.answered.filter((page) => page === 'sign-in')).toHaveLength(1);
  const sessions = async (key = stage.key) =>
    (
      await stage.picard.data<{ viewer: { sessions: { id: string; userAgent: string }[] } }>(
        '{ viewer { sessions { id userAgent createdAt lastSeenAt } } }',
        {},
        key,
      )
    ).viewer.sessions;
  const [latest] = await sessions();
  expect(latest).toMatchObject({ userAgent: 'Test browser' });
  expect(await sessions(stage.picard.key)).toEqual([]);
  const id = latest?.id ?? '';
  expect(await change('endSession', { id }, stage.picard.key)).toMatchObject({ code: 'SESSION_NOT_FOUND' });
  expect(await change('endSession', { id })).toMatchObject({ __typename: 'EndSessionPayload' });
  expect((await sessions()).map((session) => session.id)).not.toContain(id);
  await stage.authorize(clientId, {}, browser);
  expect(browser.answered.filter((page) => page === 'sign-in')).toHaveLength(2);
});
