import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { subscribe } from './events-subscriber.ts';
import { hosts } from './mcp-hosts.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { ReadsStage } from './reads-stage.ts';

let picard: TestPicard;
let stage: ReadsStage;
let ada: string;
let bob: string;
let bobId: string;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new ReadsStage(picard);
  ada = await picard.account('ada');
  bob = await picard.account('bob');
  bobId = await stage.idOf(bob);
});
afterAll(() => picard[Symbol.asyncDispose]());

const shared = async (text: string, more: object = {}): Promise<string> => {
  const id = await stage.submit(ada, text, more);
  await stage.publish(id);
  return id;
};

describe('N5 who saw a memory', () => {
  test('N5 its owner learns who read it, with what, where, how and when', async () => {
    const id = await shared('Ada plays the cello.');
    const before = Date.now();
    await stage.read(bob, id);
    const seen = await stage.seen(ada, id);
    expect(seen).toEqual([
      {
        memoryId: id,
        reader: { id: bobId, handle: 'bob' },
        // What Bob calls his keys by is his business.
        app: { kind: 'KEY', id: null, name: null },
        face: 'GRAPHQL',
        way: 'LOOKUP',
        firstAt: expect.any(String),
        lastAt: expect.any(String),
        count: 1,
      },
    ]);
    expect(Date.parse(seen?.[0]?.firstAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('N5 nobody else does, not even whoever read it', async () => {
    const id = await shared('Ada plays the violin.');
    await stage.read(bob, id);
    expect(await stage.seen(bob, id)).toBeNull();
    expect((await stage.reads(bob)).edges.map(({ node }) => node.memoryId)).not.toContain(id);
    const own = await stage.submit(bob, 'Bob plays the drums.');
    const answer = await picard.ask(
      'query ($id: ID!) { memory(id: $id) { seen { edges { cursor } } } }',
      { id: own },
      ada,
    );
    expect(answer.data).toEqual({ memory: null });
  });

  test('N5 repeated reads are one entry with a count', async () => {
    const id = await shared('Ada plays the harp.');
    for (let round = 0; round < 3; round += 1) {
      await stage.read(bob, id);
      await stage.settle();
    }
    await stage.read(bob, id);
    const seen = (await stage.seen(ada, id)) ?? [];
    // Two, where the clock struck between.
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(seen.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    for (const { firstAt, lastAt } of seen) expect(firstAt <= lastAt).toBe(true);
  });

  test('N5 what is asked without its text is not seen', async () => {
    const id = await shared('Ada plays the lute.');
    await stage.read(bob, id, 'id kind tags modifiedAt');
    expect(await stage.seen(ada, id)).toEqual([]);
  });

  test('N5 a list shows what is on its page, and no more', async () => {
    const tags = ['a-page'];
    const ids = [
      await shared('One', { tags }),
      await shared('Two', { tags }),
      await shared('Three', { tags }),
    ];
    await picard.data(
      '{ memories(first: 2, order: CREATED_ASC, filter: { tags: ["a-page"] }) { edges { node { text } } } }',
      {},
      bob,
    );
    const ways = await Promise.all(ids.map(async (id) => (await stage.seen(ada, id))?.map(({ way }) => way)));
    expect(ways).toEqual([['LIST'], ['LIST'], []]);
  });

  test('N5 a search, an earlier version, a change and a live update are reads too', async () => {
    const id = await shared('Ada plays the theremin.');
    await picard.data(
      '{ searchMemories(query: "theremin", mode: WORDS) { edges { node { text } } } }',
      {},
      ada,
    );
    expect((await stage.seen(ada, id))?.map(({ way }) => way)).toEqual(['SEARCH']);
    await using subscriber = await subscribe(picard, ada);
    await picard.data(
      'mutation ($id: ID!) { updateMemory(input: { id: $id, text: "Ada plays the organ." }) { __typename } }',
      { id },
      ada,
    );
    expect((await subscriber.next()).memory?.text).toBe('Ada plays the organ.');
    await stage.read(ada, id, 'versions { edges { node { text } } }');
    const seen = (await stage.seen(ada, id)) ?? [];
    expect(new Set(seen.map(({ way }) => way))).toEqual(new Set(['SEARCH', 'LOOKUP', 'HISTORY', 'CHANGE']));
  });

  test('N5 the owner’s own apps and keys are told by name', async () => {
    const { apiKey, secret } = (await stage.change(
      ada,
      'createApiKey(input: { name: "A poller", scopes: [MEMORIES_READ], faces: [GRAPHQL] }) { ... on CreateApiKeyPayload { apiKey { id } secret } }',
    )) as { apiKey: { id: string }; secret: string };
    const id = await stage.submit(ada, 'Ada plays the flute.');
    await stage.read(secret, id);
    const poller = { kind: 'KEY', id: apiKey.id, name: 'A poller' };
    expect(await stage.seen(ada, id)).toMatchObject([
      { reader: { handle: 'ada' }, app: poller, way: 'LOOKUP' },
    ]);
  });

  test('N5 all that was read of one’s own memories, in pages', async () => {
    const carol = await picard.account('carol');
    const ids = [
      await stage.submit(carol, 'One'),
      await stage.submit(carol, 'Two'),
      await stage.submit(carol, 'Three'),
    ];
    for (const id of ids) await stage.read(carol, id);
    const whole = (await stage.reads(carol)).edges.map(({ node }) => node.memoryId);
    expect(whole.toSorted()).toEqual(ids.toSorted());
    const first = await stage.reads(carol, 2);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await stage.reads(carol, 2, first.pageInfo.endCursor);
    expect(second.pageInfo.hasNextPage).toBe(false);
    expect([...first.edges, ...second.edges].map(({ node }) => node.memoryId)).toEqual(whole);
    const { errors } = await picard.ask(
      '{ viewer { reads(after: "nonsense") { edges { cursor } } } }',
      {},
      carol,
    );
    expect(errors?.[0]?.extensions['code']).toBe('INVALID_INPUT');
  });
});

describe('N5 through the other faces', () => {
  // The tools tell whose a memory is, which people learn of whom they are in a group with.
  beforeAll(async () => {
    const adaId = await stage.idOf(ada);
    await picard.picard.services.database.asOwner(async (sql) => {
      const [group] = await sql<{ id: string }[]>`insert into groups (name) values ('A band') returning id`;
      for (const id of [adaId, bobId])
        await sql`insert into group_members (group_id, user_id, role) values (${group?.id ?? ''}, ${id}, 'owner')`;
    });
  });

  test('N5 over REST', async () => {
    const id = await shared('Ada plays the tuba.');
    const response = await fetch(new URL('/api/tools', picard.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bob}` },
      body: JSON.stringify({ tool: 'get_memory', data: { memory_id: id } }),
    });
    expect(response.status).toBe(200);
    expect(await stage.seen(ada, id)).toMatchObject([
      { reader: { handle: 'bob' }, app: { kind: 'KEY' }, face: 'REST', way: 'LOOKUP' },
    ]);
  });

  test.each(hosts.filter(({ transport }) => transport === 'http'))(
    'N5 over MCP: $name, $era',
    async ({ connect }) => {
      const id = await shared('Ada plays the trombone.');
      const reader = await connect({ url: picard.url, key: bob });
      const owner = await connect({ url: picard.url, key: ada });
      try {
        await reader.callTool({ name: 'get_memory', arguments: { memory_id: id } });
        await reader.readResource({ uri: `memories://${id}` });
        await stage.settle();
        const answer = await owner.callTool({ name: 'who_saw', arguments: { memory_id: id } });
        const told = answer.structuredContent as { memory: { seen: { edges: { node: object }[] } } };
        // To ask who saw it is not to see it.
        expect(told.memory.seen.edges.map(({ node }) => node)).toEqual([
          expect.objectContaining({
            reader: { user_id: bobId, handle: 'bob' },
            app: { kind: 'KEY', app_id: null, name: null },
            face: 'MCP',
            way: 'LOOKUP',
            count: 2,
          }),
        ]);
        const nosy = await reader.callTool({ name: 'who_saw', arguments: { memory_id: id } });
        expect(nosy.structuredContent).toEqual({ memory: { memory_id: id, seen: null } });
      } finally {
        await Promise.all([reader.close(), owner.close()]);
      }
    },
  );
});
