import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';

type Id = { id: string };

describe('what was changed in the database', () => {
  let picard: TestPicard;
  let ada: string;
  let bob: string;
  beforeAll(async () => {
    picard = await startTestPicard();
    ada = await picard.account('ada');
    bob = await picard.account('bob');
  });
  afterAll(() => picard[Symbol.asyncDispose]());

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
