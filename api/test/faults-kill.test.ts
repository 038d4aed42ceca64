import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOpenAIServer, TEST_API_KEY, type OpenAIServer } from '../src/models/testing/openai-server.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { askProcess, startProcess, type PicardProcess } from './faults-process.ts';
import { startTestPicard } from './picard.ts';
import { breaches } from './storage-invariants.ts';

/** Each takes about as long as a start. CI sets 30. */
const ROUNDS = Number(process.env['PICARD_FAULT_ROUNDS'] || 5);
const WRITERS = 6;

/** What the database must hold of one memory: the last text that was acknowledged, or one that was on its way. */
interface Expected {
  texts: string[];
  deleted: 'no' | 'yes' | 'perhaps';
}

let database: TestDatabase;
let provider: OpenAIServer;
let env: Record<string, string>;
beforeAll(async () => {
  database = await createTestDatabase();
  provider = await startOpenAIServer();
  env = {
    PICARD_EMBEDDING: 'openai',
    OPENAI_API_KEY: TEST_API_KEY,
    OPENAI_BASE_URL: provider.baseUrl,
    PICARD_EMBEDDING_DIMENSIONS: '8',
  };
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await database.remove();
});

test(
  `kill -9 in the midst of writes, ${ROUNDS} times, loses nothing that was acknowledged and leaves nothing half-written`,
  { timeout: 20_000 * (ROUNDS + 1) },
  async () => {
    const expected = new Map<string, Expected>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const picard = await startProcess(database, env);
      try {
        await checkAcknowledged(picard, expected);
        await writeUntilKilled(picard, expected, round);
      } finally {
        await picard.kill();
      }
    }
    await using picard = await startTestPicard({ database, env });
    await checkAcknowledged({ url: picard.url, key: picard.key }, expected);
    expect(await breaches(picard.picard.services.database)).toEqual({});
    // What a killed process was embedding is taken up again, on Postgres once its lease is over.
    await picard.picard.services.database.forJobs(
      (sql) => sql`update pending_embeddings set run_after = now()`,
    );
    picard.picard.services.embeddings.nudge();
    await picard.embedded();
    expect(expected.size).toBeGreaterThan(ROUNDS * WRITERS);
  },
);

/** Writers write as fast as they can; after some acknowledgements the process is killed under all of them. */
async function writeUntilKilled(
  picard: PicardProcess,
  expected: Map<string, Expected>,
  round: number,
): Promise<void> {
  let left = randomInt(WRITERS, 60);
  const dead = Promise.withResolvers<void>();
  const acknowledged = (): void => {
    left -= 1;
    // Somewhere in the work of the others, not just after an answer.
    if (left === 0) setTimeout(() => void picard.kill().then(dead.resolve), randomInt(0, 15));
  };
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      const label = `round ${round} writer ${writer} number ${n}`;
      try {
        const [first] = await submitBatch(picard, label);
        if (!first) throw new Error('A batch answered nothing');
        for (const [id, text] of first.batch) expected.set(id, { texts: [text], deleted: 'no' });
        acknowledged();
        if (n % 2 === 0) await update(picard, expected, first.id, `${label} rewritten`);
        else await remove(picard, expected, first.id);
        acknowledged();
      } catch {
        return;
      }
    }
  };
  await Promise.all([...Array(WRITERS).keys()].map(write));
  await dead.promise;
}

async function submitBatch(picard: PicardProcess, label: string) {
  const memories = ['a', 'b', 'c'].map((letter) => ({ text: `${label} ${letter}` }));
  const { submitMemories } = await askProcess<{
    submitMemories: { results: { memory: { id: string; text: string } }[] };
  }>(
    picard,
    `mutation ($memories: [SubmitMemoryInput!]!) { submitMemories(input: { memories: $memories, atomic: true }) {
      ... on SubmitMemoriesPayload { results { ... on SubmitMemoryPayload { memory { id text } } } } } }`,
    { memories },
  );
  const batch = submitMemories.results.map(({ memory }) => [memory.id, memory.text] as const);
  return batch.map(([id]) => ({ id, batch }));
}

async function update(
  picard: PicardProcess,
  expected: Map<string, Expected>,
  id: string,
  text: string,
): Promise<void> {
  expected.get(id)?.texts.push(text);
  await askProcess(
    picard,
    'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
    {
      input: { id, text },
    },
  );
  expected.set(id, { texts: [text], deleted: 'no' });
}

async function remove(picard: PicardProcess, expected: Map<string, Expected>, id: string): Promise<void> {
  const before = expected.get(id);
  if (before) before.deleted = 'perhaps';
  await askProcess(picard, 'mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }', { id });
  if (before) before.deleted = 'yes';
}

/** Reads all that lives, through the front door, and compares. */
async function checkAcknowledged(
  picard: Pick<PicardProcess, 'url' | 'key'>,
  expected: ReadonlyMap<string, Expected>,
): Promise<void> {
  const found = new Map<string, string>();
  for (let after: string | null = null; ;) {
    const { viewer }: { viewer: { memories: Page } } = await askProcess(
      picard,
      'query ($after: String) { viewer { memories(first: 100, after: $after) { nodes: edges { node { id text } } pageInfo { hasNextPage endCursor } } } }',
      { after },
    );
    for (const { node } of viewer.memories.nodes) found.set(node.id, node.text);
    if (!viewer.memories.pageInfo.hasNextPage) break;
    after = viewer.memories.pageInfo.endCursor;
  }
  const wrong: string[] = [];
  for (const [id, { texts, deleted }] of expected) {
    const text = found.get(id);
    if (text === undefined ? deleted === 'no' : deleted === 'yes' || !texts.includes(text)) {
      wrong.push(`${texts.join(' or ')}: found ${text ?? 'nothing'}, deleted: ${deleted}`);
    }
  }
  expect(wrong).toEqual([]);
  // A batch is there whole or not at all, acknowledged or not.
  const batches = new Map<string, number>();
  for (const [id, text] of found) {
    if (expected.has(id)) continue;
    const batch = text.replace(/ [abc]$/, '');
    batches.set(batch, (batches.get(batch) ?? 0) + 1);
  }
  for (const [batch, count] of batches) expect(count, batch).toBe(3);
}

interface Page {
  nodes: { node: { id: string; text: string } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
