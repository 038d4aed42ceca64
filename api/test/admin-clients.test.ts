import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminStage } from './admin-stage.ts';
import { OauthStage } from './oauth-stage.ts';

let oauth: OauthStage;
let stage: AdminStage;
beforeAll(async () => {
  oauth = await OauthStage.open();
  stage = new AdminStage(oauth.picard);
});
afterAll(() => stage[Symbol.asyncDispose]());

interface Client {
  clientId: string;
  name: string | null;
  grantCount: number;
  userCount: number;
  lastUsedAt: string | null;
  disabledAt: string | null;
}

const CLIENT = 'clientId name grantCount userCount lastUsedAt disabledAt';
const clients = async (args = ''): Promise<{ nodes: Client[]; endCursor: string | null }> => {
  const { administration } = await stage.picard.data<{
    administration: { clients: { edges: { node: Client }[]; pageInfo: { endCursor: string | null } } };
  }>(`{ administration { clients${args} { edges { node { ${CLIENT} } } pageInfo { endCursor } } } }`);
  const { edges, pageInfo } = administration.clients;
  return { nodes: edges.map(({ node }) => node), endCursor: pageInfo.endCursor };
};
const one = async (clientId: string) => (await clients()).nodes.find((each) => each.clientId === clientId);
const disable = (clientId: string, key?: string) =>
  stage.change('disableClient', { clientId }, `... on DisableClientPayload { client { ${CLIENT} } }`, key);
const enable = (clientId: string) =>
  stage.change('enableClient', { clientId }, `... on EnableClientPayload { client { ${CLIENT} } }`);

test('apps are listed page by page with their grants and their last use', async () => {
  const [used, unused] = [await oauth.host(), await oauth.host()];
  const { access_token: token } = await oauth.tokens(used);
  await oauth.statusAt('graphql', token);
  expect(await one(used)).toEqual({
    clientId: used,
    name: 'Host',
    grantCount: 1,
    userCount: 1,
    lastUsedAt: expect.any(String),
    disabledAt: null,
  });
  expect(await one(unused)).toMatchObject({ grantCount: 0, userCount: 0, lastUsedAt: null });
  const first = await clients('(first: 1)');
  const rest = await clients(`(after: "${first.endCursor}")`);
  expect([...first.nodes, ...rest.nodes].map(({ clientId }) => clientId)).toEqual([used, unused].sort());
});

test('a disabled app has no good token within a second, gets no other, and is not known', async () => {
  const [clientId, neighbour] = [await oauth.host(), await oauth.host()];
  const [tokens, others] = [await oauth.tokens(clientId), await oauth.tokens(neighbour)];
  const code = await oauth.code(clientId);
  expect(await disable(clientId)).toMatchObject({
    client: { disabledAt: expect.any(String), grantCount: 0, userCount: 1 },
  });
  expect(await oauth.refusedWithinASecond('graphql', tokens.access_token)).toBe(true);
  expect(await oauth.refresh(clientId, tokens.refresh_token)).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  });
  expect((await oauth.post('/oauth/token', code)).body).toMatchObject({ error: 'invalid_client' });
  const { response, url } = await oauth.authorize(clientId);
  expect([url, response?.status]).toEqual([undefined, 400]);
  // Another app of the same person goes on.
  expect(await oauth.statusAt('graphql', others.access_token)).toBe(200);
  expect((await oauth.refresh(neighbour, others.refresh_token)).status).toBe(200);
});

test('one that is enabled again is connected anew; what it had before stays ended', async () => {
  const clientId = await oauth.host();
  const tokens = await oauth.tokens(clientId);
  const [beside] = await Promise.all([oauth.refresh(clientId, tokens.refresh_token), disable(clientId)]);
  expect(await enable(clientId)).toMatchObject({ client: { disabledAt: null } });
  expect(await oauth.refusedWithinASecond('graphql', tokens.access_token)).toBe(true);
  expect((await oauth.refresh(clientId, tokens.refresh_token)).status).toBe(400);
  if (beside.status === 200) {
    expect(await oauth.statusAt('graphql', beside.body.access_token)).toBe(401);
    expect((await oauth.refresh(clientId, beside.body.refresh_token)).status).toBe(400);
  }
  expect(await oauth.statusAt('graphql', (await oauth.tokens(clientId)).access_token)).toBe(200);
});

test('an id that nobody has is told by name, and others than administrators are refused', async () => {
  for (const clientId of ['nobody', 'with\u0000zero'])
    expect(await disable(clientId)).toMatchObject({ code: 'CLIENT_NOT_FOUND' });
  for (const query of [
    '{ administration { clients { edges { cursor } } } }',
    'mutation { disableClient(input: { clientId: "x" }) { __typename } }',
    'mutation { enableClient(input: { clientId: "x" }) { __typename } }',
  ])
    expect(await stage.refusal(query, oauth.key)).toBe('FORBIDDEN');
});
