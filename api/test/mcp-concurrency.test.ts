import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hosts, type Connected } from './mcp-hosts.ts';
import { mcpCall } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const CALLS = 200;
/** For the embedded database on a busy machine. */
const MOST_MS = 120_000;

let picard: TestPicard;
let ada: string;
let bob: string;
beforeAll(async () => {
  picard = await startTestPicard();
  ada = await picard.account('ada');
  bob = await picard.account('bob');
});
afterAll(() => picard[Symbol.asyncDispose]());

/** Calls that write and read in turn; each write says whose it is. */
async function many(
  call: (user: 'ada' | 'bob', name: string, args: Record<string, unknown>) => Promise<string>,
  run: string,
) {
  const users = ['ada', 'bob'] as const;
  return Promise.all(
    Array.from({ length: CALLS }, async (_, index) => {
      const user = users[index % 2] ?? 'ada';
      const answer = await (index % 4 < 2
        ? call(user, 'submit_memory', { text: `Written by ${user}: ${run} ${index}`, tags: [run] })
        : index % 8 < 4
          ? call(user, 'retrieve_memories', { tags: [run], first: 20 })
          : call(user, 'query_memory', { prompt: `written ${run}`, mode: 'WORDS' }));
      return { user, answer };
    }),
  );
}

async function expectAllKept(run: string) {
  for (const key of [ada, bob]) {
    const { memories } = await picard.data<{ memories: { totalCount: number } }>(
      'query ($tag: String!) { memories(filter: { tags: [$tag] }) { totalCount } }',
      { tag: run },
      key,
    );
    expect(memories.totalCount).toBe(CALLS / 4);
  }
}

function expectApart(answers: { user: string; answer: string }[]) {
  for (const { user, answer } of answers) {
    expect(answer).not.toContain('"isError":true');
    expect(answer).not.toContain(`Written by ${user === 'ada' ? 'bob' : 'ada'}`);
  }
  expect(answers.some(({ user, answer }) => answer.includes(`Written by ${user}`))).toBe(true);
}

/** Each path through the adapter once: stateless, with sessions, over pipes. */
const paths = hosts.filter(({ name, era }) => era === '2026-07-28' || name === 'sdk 1 over HTTP');

describe.each(paths)('$name, $era', ({ name, era, connect }) => {
  test(
    `${CALLS} calls of two users at once are all right, and keep apart`,
    { timeout: MOST_MS },
    async () => {
      const clients: Record<'ada' | 'bob', Connected> = {
        ada: await connect({ url: picard.url, key: ada }),
        bob: await connect({ url: picard.url, key: bob }),
      };
      const run = `${name} ${era}`;
      const answers = await many(
        async (user, tool, args) =>
          JSON.stringify(await clients[user].callTool({ name: tool, arguments: args })),
        run,
      );
      expectApart(answers);
      await expectAllKept(run);
      await Promise.all([clients.ada.close(), clients.bob.close()]);
    },
  );
});

test('as requests of 2025-11-25 without a session', { timeout: MOST_MS }, async () => {
  const era = '2025-11-25';
  const run = `requests ${era}`;
  const answers = await many(async (user, name, args) => {
    const response = await mcpCall(picard.url, era, user === 'ada' ? ada : bob, name, args);
    expect(response.status).toBe(200);
    return response.text();
  }, run);
  expectApart(answers);
  await expectAllKept(run);
});
