import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dump, filesIn } from './database-dump.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

/** Words that nothing else in a database holds, each beside its stem and other forms that must not be found either. */
const WORDS = [
  ['Quetzalcoatlus', 'quetzalcoatlus'],
  ['zibblefrobbing', 'zibblefrob'],
  ['Wurmblättrige', 'wurmblattrige', 'wurmblättrig'],
  ['plughxyzzies', 'plughxyzzi'],
  ['Кракозябликами', 'кракозябликами'],
  ['mxyzptlkish', 'MXYZPTLKISH'],
];
const TAG = 'clearlytagged';

type Id = { id: string };

async function writeEverything(picard: TestPicard): Promise<void> {
  const submitMany = async (
    memories: { text: string; tags?: string[]; language?: string }[],
  ): Promise<Id[]> => {
    const { submitMemories } = await picard.data<{ submitMemories: { results: { memory: Id }[] } }>(
      `mutation ($memories: [SubmitMemoryInput!]!) { submitMemories(input: { memories: $memories }) {
        ... on SubmitMemoriesPayload { results { ... on SubmitMemoryPayload { memory { id } } } } } }`,
      { memories },
    );
    return submitMemories.results.map(({ memory }) => memory);
  };
  const [one, two] = await submitMany([
    { text: 'I once saw a Quetzalcoatlus over the lake', tags: [TAG] },
    { text: 'We were zibblefrobbing all day' },
    { text: 'Die Wurmblättrige wächst im Schatten', language: 'de' },
    { text: 'Он стоит с Кракозябликами', language: 'ru' },
  ]);
  await picard.data('mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }', {
    input: { id: one?.id, text: 'No plughxyzzies were hurt' },
  });
  await picard.data('mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }', {
    id: two?.id,
  });
  await picard.data('{ searchMemories(query: "mxyzptlkish zibblefrobbing") { edges { node { id } } } }');
  // Refused and rolled back, yet it has been on its way.
  await picard.ask(
    `mutation ($memories: [SubmitMemoryInput!]!) { submitMemories(input: { memories: $memories, atomic: true }) { __typename } }`,
    {
      memories: [
        { text: 'mxyzptlkish twice', source: 'a', sourceId: '1' },
        { text: 'two', source: 'a', sourceId: '1' },
      ],
    },
  );
  await picard.embedded();
}

/** As it stands in UTF-8, read as Latin-1. */
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

describe('what the database keeps', () => {
  let database: TestDatabase;
  let kept: string;
  let secrets: string[];
  let wholeFolder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const picard = await startTestPicard({ database, embedding: 'local' });
    await writeEverything(picard);
    secrets = [picard.key, await picard.account('ada')];
    // Before the end, so that the log is there that a checkpoint would remove; and after it.
    const whileOpen = await dump(database);
    await picard[Symbol.asyncDispose]();
    kept = whileOpen + (await dump(database));
    wholeFolder = (
      await Promise.all((await filesIn(database.dataFolder)).map((file) => readFile(file, 'latin1')))
    ).join('\n');
  });
  afterAll(() => database.remove());

  test('holds no word of any memory, nor its stem', () => {
    const found = WORDS.flat().filter(
      (word) => kept.includes(latin1(word)) || kept.includes(latin1(word.toLowerCase())),
    );
    expect(found).toEqual([]);
  });

  test('holds tags, which are clear, and so shows that this search finds what is there', () => {
    expect(kept).toContain(TAG);
  });

  test('holds no secret of an API key', () => {
    for (const secret of secrets) {
      expect(secret).toMatch(/^picard_/);
      expect(kept).not.toContain(secret);
      expect(kept).not.toContain(secret.slice('picard_'.length));
    }
  });

  test('holds no master key; the data folder has it in a file of its own', async () => {
    const entry = (await readFile(join(database.dataFolder, 'master-keys'), 'utf8')).trim();
    const key = Buffer.from(entry.split(':')[1] ?? '', 'base64');
    expect(key).toHaveLength(32);
    expect(kept).not.toContain(entry.split(':')[1]);
    expect(kept).not.toContain(key.toString('latin1'));
    expect(kept).not.toContain(key.toString('hex'));
  });

  test('nor does the folder around it hold a word', () => {
    expect(WORDS.flat().filter((word) => wholeFolder.includes(latin1(word)))).toEqual([]);
  });
});
