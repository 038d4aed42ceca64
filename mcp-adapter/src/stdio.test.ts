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

it.each(['2026-07-28', '2025-11-25'])('a person is asked over stdio too, %s', async (era) => {
  const client = new Client(
    { name: 'test', version: '1' },
    {
      ...(era === '2026-07-28' ? { versionNegotiation: { mode: 'auto' as const } } : {}),
      capabilities: { elicitation: {} },
    },
  );
  const asked: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: {} };
  });
  await client.connect(new StdioClientTransport(command()));
  const memories = [{ memory_id: '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f' }];
  const done = await client.callTool({ name: 'delete_memories', arguments: { memories } });
  expect(done).toHaveProperty('structuredContent.result.failed', 1);
  expect(asked).toEqual(['Move 1 memories to the trash?']);
  await client.close();
});

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

  it('hands over prompts', async () => {
    const client = await connect();
    const { messages } = await client.getPrompt({ name: 'remember_this', arguments: { topic: 'Tea.' } });
    expect(JSON.stringify(messages)).toContain('Remember this about me: Tea.');
    await client.close();
  });

  it('deletes in bulk once the person agreed, where the host can ask', async () => {
    const client = await connect();
    const call = (more: object) =>
      client.callTool({
        name: 'delete_memories',
        arguments: { memories: [{ memory_id: '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f' }], ...more },
      });
    expect(JSON.stringify(await call({}))).toContain('CONFIRMATION_REQUIRED');
    expect(await call({ confirmed: true })).toHaveProperty('structuredContent.result.failed', 1);
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
