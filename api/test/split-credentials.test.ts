import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mcpCall, post, type Era } from './mcp-requests.ts';
import { openSplitStage, type SplitStage } from './split-stage.ts';

const eras: readonly Era[] = ['2026-07-28', '2025-11-25'];

let split: SplitStage;
let hostId: string;
beforeAll(async () => {
  split = await openSplitStage();
  hostId = await split.stage.host();
});
afterAll(() => split[Symbol.asyncDispose]());

const tokenFor = async (face: 'mcp' | 'graphql', scope = 'memories:read memories:write') =>
  split.stage.tokens(hostId, { resource: split.stage.resources[face], scope });
const call = (era: Era, token: string | null, name: string, args: object = {}) =>
  mcpCall(split.url, era, token, name, args);
const rest = async (token: string | null, tool: string, data: object = {}) =>
  fetch(new URL('/api/tools', split.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ tool, data }),
  });
const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? '';

async function makeKey(faces: string[], scopes = ['MEMORIES_READ', 'MEMORIES_WRITE']) {
  const { createApiKey } = await split.stage.picard.data<{
    createApiKey: { secret: string; apiKey: { id: string } };
  }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret apiKey { id } } } }',
    { input: { name: 'test', faces, scopes } },
    split.stage.key,
  );
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}
const revokeKey = (id: string) =>
  split.stage.picard.data(
    'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
    { id },
    split.stage.key,
  );
const second = () => new Promise((resolve) => setTimeout(resolve, 1_000));

test('hosts are told of the adapter as the resource, and of the API as the issuer', async () => {
  const { issuer, resources } = split.stage;
  expect(resources.mcp).toBe(`${split.mcpUrl}/mcp`);
  const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', split.url));
  expect(await metadata.json()).toMatchObject({
    resource: resources.mcp,
    authorization_servers: [issuer],
  });
  for (const path of ['/docs', '/openapi.json', '/health'])
    expect([path, (await fetch(new URL(path, split.url))).status]).toEqual([path, 200]);
  const there = await post(split.stage.picard.url, 'tools/list', {});
  expect(there.status).toBe(404);
  expect(await there.text()).toContain(resources.mcp);
});

describe.each(eras)('%s', (era) => {
  test('a token for MCP reads and writes over the API', async () => {
    const { access_token: token } = await tokenFor('mcp');
    const written = await call(era, token, 'submit_memory', { text: `Ada keeps bees, says ${era}.` });
    expect(written.status, await written.clone().text()).toBe(200);
    const read = await call(era, token, 'get_memories');
    expect(await read.text()).toContain(`Ada keeps bees, says ${era}.`);
  });

  test('a token that may only read is challenged for what it lacks', async () => {
    const { access_token: token } = await tokenFor('mcp', 'memories:read');
    expect((await call(era, token, 'get_memories')).status).toBe(200);
    const refused = await call(era, token, 'submit_memory', { text: 'No.' });
    expect(refused.status).toBe(403);
    expect(challengeOf(refused)).toMatch(/error="insufficient_scope".*scope="memories:write"/);
    expect(challengeOf(refused)).toContain(`${split.mcpUrl}/.well-known/oauth-protected-resource/mcp`);
  });

  test('a token for the API, nonsense, and none at all are challenged', async () => {
    const { access_token: other } = await tokenFor('graphql');
    for (const token of [other, 'nonsense', 'a.b.c', 'x'.repeat(8_000)]) {
      const refused = await call(era, token, 'get_memories');
      expect(refused.status).toBe(401);
      expect(challengeOf(refused)).toContain('error="invalid_token"');
    }
    const anonymous = await call(era, null, 'get_memories');
    expect(anonymous.status).toBe(401);
    expect(challengeOf(anonymous)).not.toContain('error=');
  });

  test('an API key is taken where it names the face, and refused as such elsewhere', async () => {
    const { secret } = await makeKey(['MCP']);
    expect((await call(era, secret, 'get_memories')).status).toBe(200);
    const elsewhere = await makeKey(['GRAPHQL', 'REST']);
    const refused = await call(era, elsewhere.secret, 'get_memories');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: 'access_denied' });
  });

  test('what was revoked is refused within a second', async () => {
    const key = await makeKey(['MCP']);
    const { access_token: token, refresh_token: refresh } = await tokenFor('mcp');
    for (const good of [key.secret, token]) expect((await call(era, good, 'get_memories')).status).toBe(200);
    await revokeKey(key.id);
    await split.stage.post('/oauth/revoke', { token: refresh, client_id: hostId });
    await second();
    for (const over of [key.secret, token]) {
      const refused = await call(era, over, 'get_memories');
      expect(refused.status).toBe(401);
      expect(challengeOf(refused)).toContain('error="invalid_token"');
    }
  });
});

describe('the REST tools', () => {
  test('take tokens for the API and keys that name REST, and refuse the others', async () => {
    const { access_token: token } = await tokenFor('graphql');
    const { secret } = await makeKey(['REST']);
    for (const good of [token, secret]) {
      const answer = await rest(good, 'get_memories');
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ tool: 'get_memories' });
    }
    const { access_token: forMcp } = await tokenFor('mcp');
    const refused = await rest(forMcp, 'get_memories');
    expect(refused.status).toBe(401);
    expect(challengeOf(refused)).toContain('error="invalid_token"');
    expect((await rest((await makeKey(['MCP'])).secret, 'get_memories')).status).toBe(403);
    expect((await rest(null, 'get_memories')).status).toBe(401);
  });

  test('ask for the scope that a token lacks', async () => {
    const { secret } = await makeKey(['REST'], ['MEMORIES_READ']);
    const refused = await rest(secret, 'submit_memory', { text: 'No.' });
    expect(refused.status).toBe(403);
    expect(challengeOf(refused)).toContain('scope="memories:write"');
  });

  test('refuse a revoked key within a second', async () => {
    const { secret, id } = await makeKey(['REST']);
    expect((await rest(secret, 'get_memories')).status).toBe(200);
    await revokeKey(id);
    await second();
    expect((await rest(secret, 'get_memories')).status).toBe(401);
  });
});

test('nothing of what hosts sent is logged', async () => {
  const { access_token: token } = await tokenFor('mcp');
  await call('2026-07-28', token, 'get_memories');
  await call('2026-07-28', token, 'get_memory', { memory_id: 'no-id' });
  const [, , signature = 'none'] = token.split('.');
  expect(split.logged.join('')).not.toContain(signature);
  expect(split.logged.join('')).not.toContain('eyJ');
});
