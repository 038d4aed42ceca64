import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { principal } from '../test/fixture-api.ts';
import { type FixtureServer, startFixtureServer } from '../test/fixture-server.ts';

let server: FixtureServer;
beforeAll(async () => {
  const bob = { ...principal(), userId: '11111111-1111-4111-8111-111111111111' };
  server = await startFixtureServer({
    bob,
    reader: principal({ scopes: ['memories:read'] }),
    restOnly: principal({ faces: ['rest'] }),
  });
});
afterAll(() => server.close());
afterEach(() => server.api.memories.splice(0));

const modern = { 'mcp-protocol-version': '2026-07-28' };
const envelope = {
  _meta: {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  },
};

function post(
  method: string,
  params: object,
  headers: Record<string, string> = {},
  token: string | null = 'full',
) {
  return fetch(new URL('/mcp', server.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
}

const callModern = (name: string, args: object, token = 'full') =>
  post(
    'tools/call',
    { name, arguments: args, ...envelope },
    { ...modern, 'mcp-method': 'tools/call', 'mcp-name': name },
    token,
  );

const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

describe('a request without a good token', () => {
  it.each([
    [null, 'Bearer scope="memories:read memories:write", resource_metadata='],
    ['unknown', 'Bearer error="invalid_token", error_description='],
  ])('%s is challenged with 401, scope and resource metadata', async (token, start) => {
    const response = await post('tools/list', envelope, modern, token);
    const challenge = response.headers.get('www-authenticate');
    expect(response.status).toBe(401);
    expect(challenge?.startsWith(start)).toBe(true);
    expect(challenge).toContain('scope="memories:read memories:write"');
    expect(challenge).toContain(
      `resource_metadata="${server.url.origin}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  it('does not accept a token in the query', async () => {
    const response = await fetch(new URL('/mcp?access_token=full', server.url), { method: 'POST' });
    expect(response.status).toBe(401);
  });

  it('is refused when the key does not name the face', async () => {
    const response = await post('tools/list', envelope, modern, 'restOnly');
    expect([response.status, await response.json()]).toMatchObject([403, { error: 'access_denied' }]);
  });
});

describe('scopes', () => {
  it.each([
    ['2026-07-28', () => callModern('submit_memory', { text: 'a' }, 'reader')],
    [
      '2025-11-25',
      () => post('tools/call', { name: 'submit_memory', arguments: { text: 'a' } }, {}, 'reader'),
    ],
  ])('missing in %s are named by 403 insufficient_scope', async (_era, send) => {
    const response = await send();
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toMatch(
      /error="insufficient_scope".*scope="memories:write"/,
    );
    expect(server.api.memories).toEqual([]);
  });
});

describe('DNS rebinding', () => {
  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
  ])('%s is refused before the token is looked at', async (_what, headers) => {
    const status = await new Promise((resolve, reject) => {
      const url = new URL('/mcp', server.url);
      const request = httpRequest(url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('modern requests', () => {
  it('are served by their tool alone, whatever it is called', async () => {
    expect(await (await callModern('no_such_tool', {})).text()).toContain('Tool no_such_tool not found');
    expect(await (await callModern('constructor', {})).json()).toHaveProperty('error.code', -32602);
  });

  it('carry cache hints: lists long and public, reads private', async () => {
    const list = await (await post('tools/list', envelope, { ...modern, 'mcp-method': 'tools/list' })).json();
    expect(list).toHaveProperty('result', expect.objectContaining({ ttlMs: 300_000, cacheScope: 'public' }));
    const uri = 'users://3f0c9a61-52e4-4d6b-8f0e-1a2b3c4d5e6f/memories';
    const headers = { ...modern, 'mcp-method': 'resources/read', 'mcp-name': uri };
    const read = await (await post('resources/read', { uri, ...envelope }, headers)).json();
    expect(read).toHaveProperty('result', expect.objectContaining({ ttlMs: 0, cacheScope: 'private' }));
  });

  it('refuse a name header that differs from the body', async () => {
    const headers = { ...modern, 'mcp-method': 'tools/call', 'mcp-name': 'get_memories' };
    const response = await post(
      'tools/call',
      { name: 'delete_memories', arguments: {}, ...envelope },
      headers,
    );
    expect(response.status).toBe(400);
  });
});

describe('2025-11-25 sessions', () => {
  const open = async (token = 'full') => {
    const response = await post('initialize', hello, {}, token);
    await response.text();
    return response.headers.get('mcp-session-id') ?? '';
  };
  const list = (id: string, token = 'full') =>
    post('tools/list', {}, { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }, token);

  it('last until they are deleted; then answer 404', async () => {
    const id = await open();
    expect((await list(id)).status).toBe(200);
    const headers = {
      authorization: 'Bearer full',
      'mcp-session-id': id,
      'mcp-protocol-version': '2025-11-25',
    };
    const ended = await fetch(new URL('/mcp', server.url), { method: 'DELETE', headers });
    expect([ended.status, (await list(id)).status]).toEqual([200, 404]);
  });

  it("answer 404 to another user's token, and to an unknown id", async () => {
    const id = await open();
    expect((await list(id, 'bob')).status).toBe(404);
    expect((await list('nope')).status).toBe(404);
    expect((await list(id)).status).toBe(200);
  });

  it('take the scopes of each request, not of the first', async () => {
    const id = await open();
    const params = { name: 'submit_memory', arguments: { text: 'a' } };
    const headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' };
    expect((await post('tools/call', params, headers, 'reader')).status).toBe(403);
    expect((await post('tools/call', params, headers)).status).toBe(200);
  });

  it('are not needed for a single call', async () => {
    const response = await post('tools/list', {});
    expect(response.status).toBe(200);
    expect(response.headers.get('mcp-session-id')).toBeNull();
  });
});
