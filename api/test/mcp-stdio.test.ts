import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stdioCommand } from './mcp-hosts.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

async function connect(key: string) {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(
    new StdioClientTransport(stdioCommand({ PICARD_URL: picard.url.href, PICARD_TOKEN: key })),
  );
  return client;
}

async function makeKey(input: object) {
  const { createApiKey } = await picard.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret apiKey { id } } } }',
    { input: { name: 'test', faces: ['GRAPHQL', 'MCP'], ...input } },
  );
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}

describe('picard mcp, with a key', () => {
  test('that may read only, names the scope that a write lacks', async () => {
    const client = await connect((await makeKey({ scopes: ['MEMORIES_READ'] })).secret);
    const told = await client.callTool({ name: 'submit_memory', arguments: { text: 'a' } });
    expect(told).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^FORBIDDEN: .*memories:write/) }],
    });
    expect(await client.callTool({ name: 'get_memories' })).not.toHaveProperty('isError', true);
    await client.close();
  });

  test('that is revoked meanwhile, is refused from then on', async () => {
    const { secret, id } = await makeKey({ scopes: ['MEMORIES_READ'] });
    const client = await connect(secret);
    const read = async () => JSON.stringify(await client.callTool({ name: 'get_memories' }));
    expect(await read()).not.toContain('UNAUTHENTICATED');
    await picard.data('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id });
    await expect.poll(read, { timeout: 10_000 }).toContain('UNAUTHENTICATED');
    await client.close();
  });

  test('that is unknown, does not begin', async () => {
    await expect(connect('picard_unknown')).rejects.toThrow();
  });
});
