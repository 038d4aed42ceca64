import { Client } from '@modelcontextprotocol/client';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hosts } from './mcp-hosts.ts';
import { agreeToDelete, askToDelete } from './mcp-rounds.ts';
import { openSplitStage, type SplitStage } from './split-stage.ts';

const patience = { timeout: 10_000 };

let split: SplitStage;
beforeAll(async () => {
  split = await openSplitStage();
});
afterAll(() => split[Symbol.asyncDispose]());

const data = <Data>(query: string, variables: object) =>
  split.stage.picard.data<Data>(query, { ...variables }, split.stage.key);

async function submit(text: string): Promise<string> {
  const { submitMemory } = await data<{ submitMemory: { memory: { id: string } } }>(
    'mutation ($text: String!) { submitMemory(input: { text: $text }) { ... on SubmitMemoryPayload { memory { id } } } }',
    { text },
  );
  return submitMemory.memory.id;
}
const update = (id: string, text: string) =>
  data(
    'mutation ($id: ID!, $text: String!) { updateMemory(input: { id: $id, text: $text }) { __typename } }',
    {
      id,
      text,
    },
  );
async function makeKey() {
  const { createApiKey } = await data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
    'mutation { createApiKey(input: { name: "x", scopes: [MEMORIES_READ], faces: [MCP] }) { ... on CreateApiKeyPayload { secret apiKey { id } } } }',
    {},
  );
  return { secret: createApiKey.secret, id: createApiKey.apiKey.id };
}

describe.each(hosts.filter(({ transport }) => transport === 'http'))('$name, $era', ({ era, connect }) => {
  async function follow(key: string, uri: string) {
    const client = await connect({ url: split.url, key });
    const heard: string[] = [];
    if (client instanceof Client)
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri);
      });
    else
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
        heard.push(params.uri);
      });
    if (era === '2026-07-28' && client instanceof Client)
      await client.listen({ resourceSubscriptions: [uri] });
    else await client.subscribeResource({ uri });
    return { client, heard };
  }

  test('serves tools, resources, prompts and completions over the API', async () => {
    const id = await submit(`The tea is green, says ${era}.`);
    const client = await connect({ url: split.url, key: (await makeKey()).secret });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('get_memory');
    const called = await client.callTool({ name: 'get_memory', arguments: { memory_id: id } });
    expect(JSON.stringify(called.structuredContent)).toContain('The tea is green');
    const { contents } = await client.readResource({ uri: `memories://${id}` });
    expect(JSON.stringify(contents)).toContain('The tea is green');
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain(`memories://${id}`);
    const { messages } = await client.getPrompt({
      name: 'what_do_you_know_about',
      arguments: { topic: 'tea' },
    });
    expect(messages.length).toBeGreaterThan(0);
    await client.close();
  });

  test('tells of changed resources, until the key is revoked', async () => {
    const id = await submit('One.');
    const key = await makeKey();
    const { client, heard } = await follow(key.secret, `memories://${id}`);
    let changes = 0;
    await vi.waitFor(async () => {
      await update(id, `Change ${(changes += 1)}, ${era}.`);
      expect(heard).toContain(`memories://${id}`);
    }, patience);
    await data('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id: key.id });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = heard.length;
    await update(id, `Not to be heard, ${era}.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(heard.length).toBe(before);
    await client.close();
  });
});

test('what one adapter sealed another of the same key opens', async () => {
  const another = await split.startAnother();
  const id = await submit('To be deleted.');
  const asked = await askToDelete(split.adapter.url, split.stage.key, id);
  expect(await agreeToDelete(another.url, split.stage.key, id, asked)).toMatchObject({ succeeded: 1 });
});
