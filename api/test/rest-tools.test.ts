import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setScene, type Scene } from './mcp-scene.ts';
import { toolCases } from './mcp-tool-cases.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const { tools } = loadManifest();
const ajv = new AjvJsonSchemaValidator();
const absent = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';

let picard: TestPicard;
let key: string;
let reader: string;
let scene: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
  reader = await makeKey({ scopes: ['MEMORIES_READ'], faces: ['REST'] });
  scene = await setScene(picard, key);
});
afterAll(() => picard[Symbol.asyncDispose]());

async function makeKey(input: object) {
  const { createApiKey } = await picard.data<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret } } }',
    { input: { name: 'test', ...input } },
    key,
  );
  return createApiKey.secret;
}

async function call(tool: unknown, data: unknown, token: string | null = key) {
  const response = await fetch(new URL('/api/tools', picard.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ tool, data }),
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test.each(tools)('calls $name', async ({ name, outputSchema }) => {
  const toolCase = toolCases[name];
  if (!toolCase) throw new Error(`${name} has no case: add one to mcp-tool-cases.ts`);
  const fresh = await setScene(picard, key);
  const { status, body } = await call(name, toolCase.args(fresh));
  expect([status, body.error]).toEqual([200, undefined]);
  expect(body).toEqual({ tool: name, data: toolCase.answer(fresh) });
  expect(ajv.getValidator({ ...outputSchema })(body.data)).toMatchObject({ valid: true });
});

describe('what fails has its status, its code and a way on', () => {
  test.each<[string, string, (scene: Scene) => unknown, number, string]>([
    ['submit_memory', 'text without a word', () => ({ text: ' ' }), 422, 'INVALID_INPUT'],
    ['submit_memory', 'nothing', () => ({}), 400, 'INVALID_ARGUMENTS'],
    ['submit_memory', 'a list', () => [1], 400, 'INVALID_ARGUMENTS'],
    ['submit_memory', 'what is hidden', () => ({ text: 'a', trust: 'PERSON' }), 400, 'INVALID_ARGUMENTS'],
    ['get_memory', 'an absent memory', () => ({ memory_id: absent }), 404, 'MEMORY_NOT_FOUND'],
    ['get_memory', 'no id', () => ({ memory_id: '42' }), 400, 'INVALID_ARGUMENTS'],
    ['delete_memory', 'an absent memory', () => ({ memory_id: absent }), 404, 'MEMORY_NOT_FOUND'],
    [
      'update_memory',
      'an old version',
      ({ tea }) => ({ memory_id: tea, text: 'a', expected_version: 9 }),
      409,
      'VERSION_CONFLICT',
    ],
    [
      'update_memories',
      'all or nothing',
      ({ tea }) => ({
        memories: [
          { memory_id: tea, text: 'a' },
          { memory_id: absent, text: 'b' },
        ],
        atomic: true,
      }),
      422,
      'BATCH_REFUSED',
    ],
    ['get_memories', 'a cursor of ours it is not', () => ({ after: 'nonsense' }), 422, 'INVALID_INPUT'],
    ['get_memories', 'too many at once', () => ({ first: 1_000 }), 422, 'INVALID_INPUT'],
  ])('%s with %s', async (name, _what, data, status, code) => {
    const answer = await call(name, data(scene));
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error).toMatchObject({
      message: expect.stringMatching(/\w/),
      way_on: expect.stringMatching(/\w/),
    });
  });

  test('the same source twice', async () => {
    const data = { text: 'Minutes.', source: 'minutes', source_id: '12' };
    const first = await call('submit_memory', data);
    const { memory_id } = first.body.data.result.memory;
    expect(await call('submit_memory', data)).toMatchObject({
      status: 409,
      body: { error: { code: 'DUPLICATE_SOURCE' }, data: { result: { memory_id } } },
    });
  });

  test.each(['no_such_tool', 'constructor', '__proto__', '', 7, null])('the tool %j', async (tool) => {
    expect(await call(tool, {})).toMatchObject({ status: 404, body: { error: { code: 'UNKNOWN_TOOL' } } });
  });

  test('a fault of ours, which is masked', async () => {
    const broken = await setScene(picard, key);
    await picard.picard.services.database.asOwner(
      (sql) => sql`update memory_texts set sealed = '\\x01'::bytea where memory_id = ${broken.tea}`,
    );
    const { status, body } = await call('get_memory', { memory_id: broken.tea });
    expect([status, body.error.code]).toEqual([500, 'INTERNAL']);
    expect(JSON.stringify(body)).toMatch(/Correlation id: [0-9a-f-]{36}/);
    expect(JSON.stringify(body)).not.toMatch(/sealed|Stored data|\.ts\b/i);
  });

  test("another's memory looks like an absent one", async () => {
    const other = await setScene(picard, await picard.account('bob'));
    const told = async (id: string) => {
      const { status, body } = await call('get_memory', { memory_id: id });
      return `${status} ${JSON.stringify(body).replaceAll(id, 'ID')}`;
    };
    expect(await told(other.tea)).toBe(await told(absent));
  });
});

describe('credentials', () => {
  test.each([
    ['none', null, 401, 'UNAUTHENTICATED', /^Bearer scope="memories:read memories:write"$/],
    ['an unknown one', 'picard_nope', 401, 'UNAUTHENTICATED', /error="invalid_token"/],
  ])('%s is challenged', async (_what, token, status, code, challenge) => {
    const answer = await call('get_memories', {}, token);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.headers.get('www-authenticate')).toMatch(challenge);
  });

  test.each(tools)('a read-only key and $name', async ({ name, annotations }) => {
    const fresh = await setScene(picard, key);
    const answer = await call(name, toolCases[name]?.args(fresh), reader);
    if (annotations.readOnlyHint) {
      expect(answer.status).toBe(200);
      return;
    }
    expect([answer.status, answer.body.error.code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.body.error.message).toContain('memories:write');
    expect(answer.headers.get('www-authenticate')).toMatch(
      /error="insufficient_scope".*scope="memories:write"/,
    );
  });

  test('a key without the face rest is refused', async () => {
    const answer = await call(
      'get_memories',
      {},
      await makeKey({ scopes: ['MEMORIES_READ'], faces: ['MCP'] }),
    );
    expect([answer.status, answer.body.error.code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.body.error.message).toContain('REST');
  });
});

describe('a body that is none', () => {
  const send = (init: RequestInit) =>
    fetch(new URL('/api/tools', picard.url), {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
    });

  test.each<[string, RequestInit, number]>([
    ['no JSON', { body: '{' }, 400],
    ['no object', { body: '[]' }, 404],
    ['nothing', { body: '' }, 400],
    ['another media type', { headers: { 'content-type': 'text/plain' }, body: '{}' }, 415],
    [
      'a form',
      {
        body: new URLSearchParams({ tool: 'get_memories' }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      415,
    ],
    [
      'nine megabytes',
      { body: JSON.stringify({ tool: 'submit_memory', data: { text: 'x'.repeat(9_000_000) } }) },
      413,
    ],
    ['a GET', { method: 'GET' }, 405],
  ])('%s', async (_what, init, status) => {
    const response = await send(init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
    });
  });
});
