import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { announce } from '../src/storage/events.ts';
import { subscribe, type Subscriber } from './events-subscriber.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);

let picard: TestPicard;
/** Where the changes are made: another instance, where there can be one. */
let other: TestPicard;
let ada: string;
let bob: string;
let heard: string[];
beforeAll(async () => {
  picard = await startTestPicard();
  other = onPostgres ? await startTestPicard({ database: picard.database }) : picard;
  ada = await picard.account('ada');
  bob = await picard.account('bob');
  heard = [];
  await picard.picard.services.database.listen('picard_memories', (payload) => heard.push(payload));
});
afterAll(async () => {
  if (other !== picard) await other[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

const submit = async (key: string, text: string): Promise<string> => {
  const { submitMemory } = await other.data<{ submitMemory: { memory: { id: string } } }>(
    'mutation ($text: String!) { submitMemory(input: { text: $text }) { ... on SubmitMemoryPayload { memory { id } } } }',
    { text },
    key,
  );
  return submitMemory.memory.id;
};

/** One whose first change has been heard, so that nothing of the rest is missed. */
async function listening(key: string): Promise<Subscriber> {
  const subscriber = await subscribe(picard, key);
  const id = await submit(key, 'to begin with');
  expect(await subscriber.next()).toMatchObject({ kind: 'SUBMITTED', memoryId: id });
  return subscriber;
}

describe(`changes made ${onPostgres ? 'in another instance' : 'in the same process'}`, () => {
  test('are heard in order, each with the memory as it is when it is read', async () => {
    await using subscriber = await listening(ada);
    const id = await submit(ada, 'green tea');
    expect(await subscriber.next()).toEqual({
      kind: 'SUBMITTED',
      memoryId: id,
      memory: { text: 'green tea' },
    });
    await other.data(
      'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
      { input: { id, text: 'black tea' } },
      ada,
    );
    expect(await subscriber.next()).toEqual({ kind: 'UPDATED', memoryId: id, memory: { text: 'black tea' } });
    await other.data('mutation ($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }', { id }, ada);
    expect(await subscriber.next()).toMatchObject({ kind: 'DELETED', memoryId: id });
    await other.data(
      'mutation ($id: ID!) { undeleteMemory(input: { id: $id }) { __typename } }',
      { id },
      ada,
    );
    expect(await subscriber.next()).toMatchObject({ kind: 'UNDELETED', memoryId: id });
  });

  test('of one person are not heard by another', async () => {
    await using hers = await listening(ada);
    await using his = await listening(bob);
    const [id, mine] = [await submit(ada, 'only for Ada'), await submit(bob, 'only for Bob')];
    expect(await his.next()).toMatchObject({ memoryId: mine });
    expect(await hers.next()).toMatchObject({ memoryId: id });
    expect(his.raw).not.toContain(id);
  });

  test('of a batch are told one by one', async () => {
    await using subscriber = await listening(ada);
    const { submitMemories } = await other.data<{
      submitMemories: { results: { memory: { id: string } }[] };
    }>(
      `mutation ($memories: [SubmitMemoryInput!]!) { submitMemories(input: { memories: $memories }) {
        ... on SubmitMemoriesPayload { results { ... on SubmitMemoryPayload { memory { id } } } } } }`,
      { memories: Array.from({ length: 500 }, (_, n) => ({ text: `number ${n}` })) },
      ada,
    );
    const ids = submitMemories.results.map(({ memory }) => memory.id);
    const told: string[] = [];
    while (told.length < ids.length) told.push((await subscriber.next()).memoryId);
    expect(told.toSorted()).toEqual(ids.toSorted());
  });

  test('that are rolled back are not told', async () => {
    await using subscriber = await listening(ada);
    const before = heard.length;
    const refused = await other.data<{ submitMemories: { __typename: string } }>(
      'mutation ($memories: [SubmitMemoryInput!]!) { submitMemories(input: { memories: $memories, atomic: true }) { __typename } }',
      { memories: [{ text: 'one' }, { text: '' }] },
      ada,
    );
    expect(refused.submitMemories.__typename).not.toBe('SubmitMemoriesPayload');
    const gone = {
      ownerId: '7b7b7b7b-0000-4000-8000-000000000000',
      memoryId: '7b7b7b7b-0000-4000-8000-000000000001',
    };
    const undone = other.picard.services.database.forJobs(async (sql) => {
      await announce(sql, [{ ...gone, kind: 'UPDATED' }]);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    const id = await submit(ada, 'the next one');
    expect(await subscriber.next()).toMatchObject({ memoryId: id });
    expect(
      heard.slice(before).map((payload) => (JSON.parse(payload) as { memoryId: string }).memoryId),
    ).toEqual([id]);
  });

  test('travel through the database as ids alone', async () => {
    await using subscriber = await listening(ada);
    const before = heard.length;
    const id = await submit(ada, 'xylophone');
    await subscriber.next();
    const payloads = heard.slice(before).map((payload) => JSON.parse(payload) as Record<string, string>);
    expect(payloads.map((payload) => Object.keys(payload).toSorted())).toEqual([
      ['kind', 'memoryId', 'ownerId'],
    ]);
    expect(payloads[0]).toMatchObject({ kind: 'SUBMITTED', memoryId: id });
    expect(heard.join()).not.toContain('xylophone');
  });
});

describe('one who follows', () => {
  const event = (ownerId: string, memoryId: string) => ({ ownerId, memoryId, kind: 'UPDATED' as const });
  const tell = (ownerId: string, memoryId: string) =>
    other.picard.services.database.forJobs((sql) => announce(sql, [event(ownerId, memoryId)]));

  test('hears what was said before the first read', async () => {
    const stop = new AbortController();
    const follow = picard.picard.services.events.follow('somebody', stop.signal);
    const arrived = Promise.withResolvers<void>();
    await picard.picard.services.database.listen('picard_memories', () => arrived.resolve());
    await tell('somebody', 'early');
    await arrived.promise;
    expect(await follow.next()).toMatchObject({ value: { memoryId: 'early' } });
    stop.abort();
    expect(await follow.next()).toEqual({ value: undefined, done: true });
  });

  test('ends when the signal aborts, also while it waits, and when the reader stops', async () => {
    const stop = new AbortController();
    const waits = picard.picard.services.events.follow('somebody', stop.signal).next();
    stop.abort();
    expect(await waits).toEqual({ value: undefined, done: true });
    const another = picard.picard.services.events.follow('somebody', new AbortController().signal);
    expect(await another.return(undefined)).toEqual({ value: undefined, done: true });
    expect(await another.next()).toEqual({ value: undefined, done: true });
  });
});
