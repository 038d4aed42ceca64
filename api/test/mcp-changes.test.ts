import { Client } from '@modelcontextprotocol/client';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hosts } from './mcp-hosts.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);
const patience = { timeout: 10_000 };
/** What is as it was is no change. */
let changes = 0;

let picard: TestPicard;
/** Where the changes are made: another instance, where there can be one. */
let other: TestPicard;
let keys: { ada: string; bob: string };
let ada: Scene;
let bob: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  other = onPostgres ? await startTestPicard({ database: picard.database }) : picard;
  keys = { ada: await picard.account('ada'), bob: await picard.account('bob') };
  ada = await setScene(picard, keys.ada);
  bob = await setScene(picard, keys.bob);
});
afterAll(async () => {
  if (other !== picard) await other[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

const update = (key: string, id: string, text: string) =>
  other.data(
    'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
    { input: { id, text } },
    key,
  );

describe.each(hosts)('changes of memories, $name, $era', ({ era, connect }) => {
  const hear = async (key: string, uris: string[]) => {
    const client = await connect({ url: picard.url, key });
    const heard: string[] = [];
    if (client instanceof Client) {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        heard.push(params.uri);
      });
    } else {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
        heard.push(params.uri);
      });
    }
    if (era === '2026-07-28' && client instanceof Client)
      await client.listen({ resourceSubscriptions: uris });
    else for (const uri of uris) await client.subscribeResource({ uri });
    return { client, heard };
  };
  /** Changes a memory until that is heard. */
  const heardOf = async (heard: string[], key: string, id: string) => {
    await vi.waitFor(async () => {
      await update(key, id, `Changed for the ${(changes += 1)}. time.`);
      expect(heard).toContain(`memories://${id}`);
    }, patience);
  };

  test('are heard as changes of the memory and of the list it is in', async () => {
    const list = `users://${ada.userId}/memories?tag=${ada.tag}`;
    const { client, heard } = await hear(keys.ada, [`memories://${ada.tea}`, list]);
    await heardOf(heard, keys.ada, ada.tea);
    await vi.waitFor(() => expect(heard).toContain(list), patience);
    const { contents } = await client.readResource({ uri: `memories://${ada.tea}` });
    expect(JSON.stringify(contents)).toContain('Changed for');
    await client.close();
  });

  test('of somebody else are never heard, though they were asked for', async () => {
    const foreign = [`memories://${bob.tea}`, `users://${bob.userId}/memories`];
    const hers = await hear(keys.ada, [...foreign, `memories://${ada.train}`]);
    const his = await hear(keys.bob, foreign);
    await heardOf(his.heard, keys.bob, bob.tea);
    await heardOf(hers.heard, keys.ada, ada.train);
    expect(new Set(hers.heard)).toEqual(new Set([`memories://${ada.train}`]));
    await hers.client.close();
    await his.client.close();
  });
});
