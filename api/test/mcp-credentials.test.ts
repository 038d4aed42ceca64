import { request } from 'node:http';
import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mcpCall, post, type Era } from './mcp-requests.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { toolCases } from './mcp-tool-cases.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const eras: readonly Era[] = ['2026-07-28', '2025-11-25'];
const { tools } = loadManifest();
const absent = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';

let picard: TestPicard;
let key: string;
let reader: string;
let scene: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
  reader = (await makeKey({ scopes: ['MEMORIES_READ'], faces: ['MCP', 'REST'] })).secret;
  scene = await setScene(picard, key);
});
afterAll(() => picard[Symbol.asyncDispose]());

async function makeKey(input: object) {
  const { createApiKey } = await picard.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret apiKey { id } } } }',
    { input: { name: 'test', ...input } },
    key,
  );
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}

const call = (era: Era, token: string | null, name: string, args: object = {}) =>
  mcpCall(picard.url, era, token, name, args);
const challengeOf = (response: Response) => response.headers.get('www-authenticate') ?? '';

describe.each(eras)('%s', (era) => {
  test.each(tools)('a read-only key and $name', async ({ name, annotations }) => {
    const response = await call(era, reader, name, toolCases[name]?.args(scene));
    if (annotations.readOnlyHint) {
      expect(response.status).toBe(200);
      return;
    }
    expect(response.status).toBe(403);
    expect(challengeOf(response)).toMatch(/^Bearer .*error="insufficient_scope"/);
    expect(challengeOf(response)).toMatch(/scope="memories:write"/);
    expect(challengeOf(response)).toContain('/.well-known/oauth-protected-resource/mcp');
  });

  test('a call that was refused has changed nothing', async () => {
    await call(era, reader, 'delete_memory', { memory_id: scene.tea });
    const answer = await call(era, reader, 'get_memory', { memory_id: scene.tea });
    expect(await answer.text()).toContain('Ada drinks green tea.');
  });

  test('a key without the face mcp is refused as such', async () => {
    const { secret } = await makeKey({ scopes: ['MEMORIES_READ'], faces: ['GRAPHQL', 'REST'] });
    const response = await call(era, secret, 'get_memories');
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('MCP'),
    });
  });

  test('no token is challenged without an error code, as none was sent', async () => {
    const response = await call(era, null, 'get_memories');
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toBe(
      `Bearer scope="memories:read memories:write", resource_metadata="${picard.picard.http.publicUrl.origin}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  test.each([
    ['unknown', 'picard_unknown'],
    ['empty', ''],
    ['with spaces', 'a b'],
    ['very long', 'x'.repeat(8000)],
  ])('a token that is %s is challenged as invalid', async (_what, token) => {
    const response = await call(era, token, 'get_memories');
    expect(response.status).toBe(401);
    expect(challengeOf(response)).toContain('error="invalid_token"');
  });

  test('a revoked token is refused soon, and so is an expired one', async () => {
    const { secret, id } = await makeKey({ scopes: ['MEMORIES_READ'], faces: ['MCP'] });
    expect((await call(era, secret, 'get_memories')).status).toBe(200);
    await picard.data('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id }, key);
    await expect
      .poll(async () => (await call(era, secret, 'get_memories')).status, { timeout: 10_000 })
      .toBe(401);
    const short = await makeKey({
      scopes: ['MEMORIES_READ'],
      faces: ['MCP'],
      expiresAt: new Date(Date.now() + 3_000).toISOString(),
    });
    await expect
      .poll(async () => (await call(era, short.secret, 'get_memories')).status, { timeout: 10_000 })
      .toBe(401);
  });

  test("another's memory looks like an absent one to every tool that takes a memory", async () => {
    const other = await setScene(picard, await picard.account(`other-${era}`));
    for (const { name, inputSchema } of tools) {
      if (!inputSchema.required?.includes('memory_id')) continue;
      const told = async (id: string) => {
        const body = await (
          await call(era, key, name, { ...toolCases[name]?.args(scene), memory_id: id })
        ).text();
        expect(body).toContain('MEMORY_NOT_FOUND');
        return body.replaceAll(id, 'ID');
      };
      expect([name, await told(other.tea)]).toEqual([name, await told(absent)]);
    }
  });
});

describe('where a request comes from and goes to', () => {
  const send = (headers: Record<string, string>, path = '/mcp') =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const sent = request(new URL(path, picard.url), { headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      });
      sent.on('error', reject).end();
    });

  test.each([
    ['Host', { host: 'evil.example' }],
    ['Host', { host: 'localhost.evil.example:8001' }],
    ['Origin', { origin: 'https://evil.example' }],
    ['Origin', { origin: 'null' }],
  ])('a foreign %s is refused on every path: %j', async (name, headers) => {
    for (const path of [
      '/mcp',
      '/api/tools',
      '/openapi.json',
      '/docs',
      '/.well-known/oauth-protected-resource/mcp',
    ]) {
      const { status, body } = await send({ authorization: `Bearer ${key}`, ...headers }, path);
      expect([path, status]).toEqual([path, 403]);
      expect(body).toContain(name);
    }
  });

  test('the Host header is never in what a caller is told', async () => {
    const host = `127.0.0.1:${picard.url.port}`;
    const { origin } = picard.picard.http.publicUrl;
    expect(origin).not.toContain('127.0.0.1');
    const { body } = await send({ host }, '/.well-known/oauth-protected-resource/mcp');
    expect(JSON.parse(body)).toMatchObject({ resource: `${origin}/mcp` });
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/openapi.json', '/docs']) {
      expect((await send({ host }, path)).body).not.toContain(host);
    }
    const refused = await post(picard.url, 'tools/list', {}, { authorization: 'Bearer nonsense' });
    expect(challengeOf(refused)).toContain(`${origin}/.well-known/`);
    expect(challengeOf(refused)).not.toContain(host);
  });
});
