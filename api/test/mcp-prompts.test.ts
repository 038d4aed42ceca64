import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hosts, type Connected } from './mcp-hosts.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let key: string;
let scene: Scene;
let foreign: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
  scene = await setScene(picard, key);
  foreign = await setScene(picard, await picard.account('bob'));
});
afterAll(() => picard[Symbol.asyncDispose]());

describe.each(hosts)('$name, $era', ({ connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect({ url: picard.url, key });
  });
  afterAll(() => client.close());
  const textOf = async (name: string, args: Record<string, string>) => {
    const { messages } = await client.getPrompt({ name, arguments: args });
    return JSON.stringify(messages);
  };

  test('lists the prompts of the manifest', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(loadManifest().prompts.map(({ name }) => name));
  });

  test.each([
    ['remember_this', { topic: 'Ada drinks green tea.' }],
    ['what_do_you_know_about', { topic: 'green tea' }],
    ['reflect', {}],
  ] as const)('%s carries the own memories and nobody else’s', async (name, args) => {
    const text = await textOf(name, args);
    expect(text).toContain(scene.tea);
    expect(text).toContain('Ada drinks green tea.');
    expect(text).not.toContain(foreign.tea);
    expect(text).not.toContain(scene.trashed);
  });

  test('completes a tag from those in use', async () => {
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'remember_this' },
      argument: { name: 'tag', value: scene.tag.slice(0, 4) },
    });
    expect(completion.values).toContain(scene.tag);
    expect(completion.values).not.toContain(foreign.tag);
  });
});
