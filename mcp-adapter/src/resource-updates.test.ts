import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectHost, eras } from '../test/conformance/hosts.ts';
import { type MuseumServer, startMuseumServer, visitor } from '../test/conformance/museum-server.ts';
import { subscribedTo } from './resource-updates.ts';

let server: MuseumServer;
beforeEach(async () => {
  server = await startMuseumServer({
    bob: visitor({ userId: 'bob' }),
    blind: visitor({ scopes: new Set() }),
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const listeners = (count: number) =>
  vi.waitFor(() => expect(server.museum.listeners()).toBe(count), { timeout: 10_000 });

describe.each(eras)('changes of resources, %s', (era) => {
  const hear = async (uris: string[], token = 'full') => {
    const client = await connectHost(server.url, era, { token });
    const heard: string[] = [];
    client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void heard.push(params.uri),
    );
    if (era === '2025-11-25') for (const uri of uris) await client.subscribeResource({ uri });
    else await client.listen({ resourceSubscriptions: uris });
    return { client, heard };
  };

  it('are told of what was subscribed to, and of nothing else', async () => {
    const { client, heard } = await hear(['test://exhibits/1', 'test://visitors/ada?room=north']);
    await listeners(1);
    server.museum.change('ada', '2');
    server.museum.change('ada', '1');
    await vi.waitFor(() =>
      expect(heard).toEqual([
        'test://visitors/ada?room=north',
        'test://exhibits/1',
        'test://visitors/ada?room=north',
      ]),
    );
    await client.close();
  });

  it('of others are as silent as what is not there', async () => {
    const uris = ['test://exhibits/1', 'test://visitors/bob', 'test://exhibits/none', 'nothing://at/all'];
    const { client, heard } = await hear(uris);
    const bob = await hear(['test://exhibits/1'], 'bob');
    await listeners(2);
    server.museum.change('bob', '1');
    await vi.waitFor(() => expect(bob.heard).toEqual(['test://exhibits/1']));
    // Told in order: had there been something of bob's, it would have come before this.
    server.museum.change('ada', '1');
    await vi.waitFor(() => expect(heard).toEqual(['test://exhibits/1']));
    await client.close();
    await bob.client.close();
  });

  it('are not followed any longer when the host has gone', async () => {
    const { client } = await hear(['test://exhibits/1']);
    await listeners(1);
    if (era === '2025-11-25') await client.unsubscribeResource({ uri: 'test://exhibits/1' });
    await client.close();
    await listeners(0);
  });

  it('are not told to a token that was revoked', async () => {
    const { client, heard } = await hear(['test://exhibits/1'], 'bob');
    await listeners(1);
    server.revoke('bob');
    server.museum.change('bob', '1');
    await listeners(0);
    expect(heard).toEqual([]);
    await client.close().catch(() => undefined);
  });

  it('are refused to who may not read them', async () => {
    await expect(hear(['test://exhibits/1'], 'blind')).rejects.toThrow();
    expect(server.museum.listeners()).toBe(0);
  });
});

describe('a session', () => {
  it('ends its stream with the token that opened it', async () => {
    const other = await startMuseumServer({
      brief: visitor({ expiresAt: new Date(Date.now() + 1_500) }),
    });
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: 'Bearer brief',
    };
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    };
    const begun = await fetch(new URL('/mcp', other.url), {
      method: 'POST',
      headers,
      body: JSON.stringify(initialize),
    });
    const id = begun.headers.get('mcp-session-id') ?? '';
    const stream = await fetch(new URL('/mcp', other.url), {
      headers: { ...headers, 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' },
    });
    expect(stream.status).toBe(200);
    // It would never end by itself.
    await stream.text();
    await other[Symbol.asyncDispose]();
  });

  it('is not promised what an executor without subscriptions cannot keep', async () => {
    const { executor } = server.museum;
    const mute = await startMuseumServer(
      {},
      { executor: { execute: (request) => executor.execute(request) } },
    );
    for (const era of eras) {
      const client = await connectHost(mute.url, era);
      expect(client.getServerCapabilities()?.resources?.subscribe).toBeFalsy();
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).not.toContain('test_tool_with_progress');
      await client.close();
    }
    await mute[Symbol.asyncDispose]();
  });
});

it('a filter of what is read hears of the whole', () => {
  expect(subscribedTo(['a://1', 'a://1?tag=x', 'a://12', 'b://1'], ['a://1'])).toEqual([
    'a://1',
    'a://1?tag=x',
  ]);
});

it('what an event does not name stands for all that may have changed', () => {
  const subscribed = ['a://1', 'a://2?tag=x', 'a://1/b', 'users://ada/memories?first=5', 'b://1'];
  expect(subscribedTo(subscribed, ['a://%2A', 'users://ada/memories'])).toEqual([
    'a://1',
    'a://2?tag=x',
    'users://ada/memories?first=5',
  ]);
  expect(subscribedTo(subscribed, ['users://*/memories'])).toEqual(['users://ada/memories?first=5']);
});
