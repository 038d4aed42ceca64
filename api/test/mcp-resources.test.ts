import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hosts, type Connected } from './mcp-hosts.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const { resources } = loadManifest();
const absent = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';

let picard: TestPicard;
let key: string;
let scene: Scene;
let foreign: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
  scene = await setScene(picard, key);
  await submit(key, { text: 'The train to Oslo leaves at nine.', kind: 'FACT', tags: ['travel', 'Train'] });
  await submit(key, {
    text: 'Oslo is cold in March.',
    kind: 'NOTE',
    tags: ['travel'],
    source: 'https://a.example/?b=c&d',
  });
  await submit(key, {
    text: 'Tickets are in the blue folder.',
    kind: 'FACT',
    tags: ['travel'],
    thread: 'trip to oslo',
  });
  foreign = await setScene(picard, await picard.account('bob'));
});
afterAll(() => picard[Symbol.asyncDispose]());

const submit = (as: string, input: object) =>
  picard.data(
    'mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) { __typename } }',
    { input },
    as,
  );

describe.each(hosts)('$name, $era', ({ connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect({ url: picard.url, key });
  });
  afterAll(() => client.close());

  const read = async (uri: string) => {
    const { contents } = await client.readResource({ uri });
    const [content] = contents as { uri: string; mimeType?: string; text: string }[];
    expect(contents).toHaveLength(1);
    expect(content).toMatchObject({ uri, mimeType: 'application/json' });
    return JSON.parse(content?.text ?? '');
  };
  const texts = async (query: string, userId = scene.userId) => {
    const { user } = await read(`users://${userId}/memories${query}`);
    return user.memories.edges.map((edge: { node: { text: string } }) => edge.node.text);
  };

  test('lists the templates of the manifest, and the own memories as resources that can be read', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject(
      resources.map(({ name, title, description, uriTemplate, mimeType }) => ({
        name,
        title,
        description,
        uriTemplate,
        mimeType,
      })),
    );
    const listed = (await client.listResources()).resources;
    expect(listed.map(({ uri }) => uri)).toContain(`memories://${scene.tea}`);
    expect(listed.map(({ uri }) => uri)).not.toContain(`memories://${foreign.tea}`);
    expect(listed.map(({ uri }) => uri)).not.toContain(`memories://${scene.trashed}`);
    expect(listed.map(({ name }) => name)).toContain('FACT: The train to Oslo leaves at nine.');
  });

  test('reads a memory', async () => {
    expect(await read(`memories://${scene.tea}`)).toMatchObject({
      memory: { memory_id: scene.tea, text: 'Ada drinks green tea.', owner: { handle: 'ada' } },
    });
  });

  test.each([
    [
      '?tag=travel&order=created_asc&first=2',
      ['The train to Oslo leaves at nine.', 'Oslo is cold in March.'],
    ],
    ['?tag=travel&tag=Train', ['The train to Oslo leaves at nine.']],
    ['?kind=NOTE&kind=EVENT', ['Oslo is cold in March.']],
    ['?source=https%3A%2F%2Fa.example%2F%3Fb%3Dc%26d', ['Oslo is cold in March.']],
    ['?thread=trip%20to%20oslo', ['Tickets are in the blue folder.']],
    ['?text=folder+ticket', ['Tickets are in the blue folder.']],
    ['?tag=nothing', []],
    ['?expiry=EXPIRED', []],
  ])("reads a user's memories by %s", async (query, expected) => {
    expect(await texts(query)).toEqual(expected);
  });

  test('reads on with the cursor of the page before', async () => {
    const all = await texts('?tag=travel');
    const { user } = await read(`users://${scene.userId}/memories?tag=travel&first=1`);
    const { has_next_page, end_cursor } = user.memories.page_info;
    expect(has_next_page).toBe(true);
    expect(await texts(`?tag=travel&after=${encodeURIComponent(end_cursor)}`)).toEqual(all.slice(1));
  });

  test.each([
    ['an absent memory', `memories://${absent}`],
    ['an absent user', `users://${absent}/memories`],
    ['a URI of no template', 'goals://1'],
  ])('is told that %s is not there', async (_what, uri) => {
    // -32602 since 2026-07-28; before, -32002 was only recommended, and the SDK sends the one code to both.
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('not found'),
    });
  });

  test("cannot tell another's memory from an absent one", async () => {
    const told = async (id: string) => {
      const error: unknown = await client
        .readResource({ uri: `memories://${id}` })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      return String(error).replaceAll(id, 'ID');
    };
    expect(await told(foreign.tea)).toBe(await told(absent));
  });

  test("sees none of another's memories", async () => {
    const told = await texts('', foreign.userId).catch((error: unknown) => String(error));
    expect(JSON.stringify(told)).not.toContain('Ada ');
  });

  test.each([
    ['?first=many', 'first'],
    ['?first=101', 'first'],
    ['?kind=THING', 'kind'],
    ['?max_tokens=1', 'max_tokens'],
    ['?after=nonsense', 'after'],
  ])('is told what is wrong with %s', async (query, name) => {
    await expect(
      client.readResource({ uri: `users://${scene.userId}/memories${query}` }),
    ).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining(name),
    });
  });

  test('is told that an id is no id', async () => {
    await expect(client.readResource({ uri: 'memories://42' })).rejects.toMatchObject({ code: -32_602 });
  });

  test('completes tags in use, the most used first, in either case, and none of others', async () => {
    const uri = resources.find(({ name }) => name === 'user_memories')?.uriTemplate ?? '';
    const complete = async (value: string) => {
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri },
        argument: { name: 'tag', value },
      });
      return completion.values;
    };
    expect(await complete('TR')).toEqual(['travel', 'Train']);
    expect(await complete('')).toEqual(expect.arrayContaining(['travel', 'Train', scene.tag]));
    expect(await complete('')).not.toContain(foreign.tag);
    expect(await complete('nothing of the kind')).toEqual([]);
  });
});
