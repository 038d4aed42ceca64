import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { loadManifest } from './manifest.ts';

const script = fileURLToPath(new URL('../test/fixture-stdio.ts', import.meta.url));
const command = (...flags: string[]) => ({ command: process.execPath, args: [script, ...flags] });

async function modern(...flags: string[]) {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StdioClientTransport(command(...flags)));
  return client;
}

async function older(...flags: string[]) {
  const client = new OlderClient({ name: 'test', version: '1' });
  await client.connect(new OlderTransport(command(...flags)));
  return client;
}

describe.each([
  ['a 2026-07-28 client', modern],
  ['a 2025-11-25 client', older],
])('stdio with %s', (_name, connect) => {
  it('lists tools, calls them, and completes', async () => {
    const client = await connect();
    expect((await client.listTools()).tools).toHaveLength(loadManifest().tools.length);
    const stored = await client.callTool({
      name: 'submit_memory',
      arguments: { text: 'Ada likes tea.', tags: ['tea'] },
    });
    expect(stored.structuredContent).toHaveProperty('result.__typename', 'SubmitMemoryPayload');
    const { resourceTemplates } = await client.listResourceTemplates();
    const uri = resourceTemplates.find(({ name }) => name === 'user_memories')?.uriTemplate ?? '';
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri },
      argument: { name: 'tag', value: 't' },
    });
    expect(completion.values).toEqual(['tea']);
    await client.close();
  });

  it('refuses what the key may not do', async () => {
    const client = await connect('--read-only');
    const refused = await client.callTool({ name: 'submit_memory', arguments: { text: 'a' } });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('memories:write') }],
    });
    await client.close();
  });
});
