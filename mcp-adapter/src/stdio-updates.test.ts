import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, it, vi } from 'vitest';
import { eras } from '../test/conformance/hosts.ts';

const script = fileURLToPath(new URL('../test/conformance/museum-stdio.ts', import.meta.url));

describe.each(eras)('changes of resources over stdio, %s', (era) => {
  const connect = async () => {
    const client = new Client(
      { name: 'test', version: '1' },
      era === '2026-07-28' ? { versionNegotiation: { mode: 'auto' } } : {},
    );
    const heard: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri);
    });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [script] }));
    return { client, heard };
  };

  it('are told of what was subscribed to, and of nothing else', async () => {
    const { client, heard } = await connect();
    const uris = [
      'test://exhibits/1',
      'test://exhibits/2',
      'test://visitors/ada?room=1',
      'test://visitors/bob',
    ];
    if (era === '2025-11-25') for (const uri of uris) await client.subscribeResource({ uri });
    else await client.listen({ resourceSubscriptions: uris });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(10), { timeout: 10_000 });
    expect(new Set(heard)).toEqual(new Set(['test://exhibits/1', 'test://visitors/ada?room=1']));
    await client.close();
  });

  it('are not told to a host that asked for none', async () => {
    const { client, heard } = await connect();
    // Each of these takes longer than a change needs to come.
    for (let call = 0; call < 3; call += 1)
      await client.callTool({ name: 'test_tool_with_progress', arguments: {} });
    expect(heard).toEqual([]);
    await client.close();
  });
});
