import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** Every byte that the database keeps: its files with the write-ahead log, or on a server all rows as text. */
async function dump({ dataFolder, databaseUrl }: TestDatabase): Promise<string> {
  if (!databaseUrl)
    return (
      await Promise.all((await filesIn(join(dataFolder, 'database'))).map((file) => readFile(file, 'latin1')))
    ).join('\n');
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public' order by 1`;
    expect(tables.map(({ name }) => name)).toContain('memory_texts');
    const rows: string[] = [];
    for (const { name } of tables) {
      for (const row of await sql<{ text: string }[]>`select to_jsonb(t)::text as text from ${sql(name)} t`)
        rows.push(row.text);
    }
    // What is sealed stands there in hexadecimal.
    return rows
      .join('\n')
      .replaceAll(/\\x([0-9a-f]+)/g, (_all, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
  } finally {
    await sql.end();
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
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

describe('what was changed in the database', () => {
  let picard: TestPicard;
  let ada: string;
  let bob: string;
  beforeAll(async () => {
    const database = await createTestDatabase();
    picard = await startTestPicard({ database });
    ada = await picard.account('ada');
    bob = await picard.account('bob');
  });
  afterAll(async () => {
    await picard[Symbol.asyncDispose]();
    await picard.database.remove();
  });

  const submit = async (key: string, text: string): Promise<string> => {
    const { submitMemory } = await picard.data<{ submitMemory: { memory: Id } }>(
      'mutation ($text: String!) { submitMemory(input: { text: $text }) { ... on SubmitMemoryPayload { memory { id } } } }',
      { text },
      key,
    );
    return submitMemory.memory.id;
  };
  const read = (key: string, id: string) =>
    picard.ask<{ node: { text: string } | null }>(
      'query ($id: ID!) { node(id: $id) { ... on Memory { text } } }',
      { id },
      key,
    );
  const owner = <T>(statement: Parameters<typeof picard.picard.services.database.asOwner<T>>[0]) =>
    picard.picard.services.database.asOwner(statement);

  async function expectRefused(key: string, id: string): Promise<void> {
    const answer = await read(key, id);
    expect(answer.data?.node ?? null).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(answer)).not.toMatch(/alpha|beta|gamma|sealed|unseal|GCM/i);
  }

  test('rows that were exchanged between two memories are refused', async () => {
    const [one, two] = [await submit(ada, 'alpha one'), await submit(ada, 'beta two')];
    await exchange(one, two);
    await expectRefused(ada, one);
    await expectRefused(ada, two);
    await exchange(one, two);
    expect((await read(ada, one)).data).toEqual({ node: { text: 'alpha one' } });
  });

  test('rows that were exchanged between two people are refused', async () => {
    const [one, two] = [await submit(ada, 'alpha one'), await submit(bob, 'beta two')];
    await exchange(one, two);
    await expectRefused(ada, one);
    await expectRefused(bob, two);
  });

  test('an older text in the place of the present one is refused', async () => {
    const id = await submit(ada, 'alpha one');
    await picard.data(
      'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
      { input: { id, text: 'gamma three' } },
      ada,
    );
    await owner(
      (sql) => sql`
        update memory_texts set sealed = (select sealed from memory_texts where memory_id = ${id} and content_version = 1)
        where memory_id = ${id} and content_version = 2`,
    );
    await expectRefused(ada, id);
  });

  test('one changed bit is refused', async () => {
    const id = await submit(ada, 'alpha one');
    await owner(
      (sql) => sql`
        update memory_texts set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where memory_id = ${id}`,
    );
    await expectRefused(ada, id);
  });

  test('the data key of another person is refused, and with it nothing is read or written', async () => {
    const [eve, mallory] = [await picard.account('eve'), await picard.account('mallory')];
    await owner(
      (sql) => sql`
        update data_keys k set wrapped = o.wrapped from data_keys o, users eve, users mallory
        where eve.handle = 'eve' and mallory.handle = 'mallory' and k.owner_id = eve.id and o.owner_id = mallory.id`,
    );
    const answer = await picard.ask(
      'mutation { submitMemory(input: { text: "alpha" }) { __typename } }',
      {},
      eve,
    );
    expect(answer.errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(await submit(mallory, 'delta')).toBeTruthy();
  });

  test('one damaged memory does not take the others with it', async () => {
    const good = await submit(ada, 'epsilon');
    expect((await read(ada, good)).data).toEqual({ node: { text: 'epsilon' } });
  });

  const exchange = (one: string, two: string) =>
    owner(
      (sql) => sql`
        update memory_texts t set sealed = o.sealed from memory_texts o
        where (t.memory_id, o.memory_id) in ((${one}::uuid, ${two}::uuid), (${two}::uuid, ${one}::uuid))`,
    );
});
