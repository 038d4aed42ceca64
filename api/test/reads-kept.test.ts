import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purgeReads } from '../src/reads/purge-reads.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { ReadsStage } from './reads-stage.ts';

let picard: TestPicard;
let stage: ReadsStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new ReadsStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const keep = (key: string, days: number) =>
  stage.change(
    key,
    `updateReadsKept(input: { days: ${days} }) { __typename ... on UpdateReadsKeptPayload { days erased } ... on UserError { code } }`,
  );
const daysKept = async (key: string): Promise<number> => {
  const { viewer } = await picard.data<{ viewer: { readsKeptDays: number } }>(
    '{ viewer { readsKeptDays } }',
    {},
    key,
  );
  return viewer.readsKeptDays;
};
const age = (id: string, days: number) =>
  picard.picard.services.database.asOwner(
    (sql) => sql`
      update memory_reads set first_at = first_at - make_interval(days => ${days}),
        last_at = last_at - make_interval(days => ${days}) where memory_id = ${id}`,
  );

describe('N5 how long it is kept who saw what', () => {
  test('N5 is 90 days until its owner says otherwise, and 730 at most', async () => {
    const key = await picard.account('dora');
    expect(await daysKept(key)).toBe(90);
    expect(await keep(key, 730)).toEqual({ __typename: 'UpdateReadsKeptPayload', days: 730, erased: 0 });
    expect(await keep(key, 731)).toEqual({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    expect(await keep(key, -1)).toEqual({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    expect(await daysKept(key)).toBe(730);
  });

  test('N5 with 0 nothing is kept, from before or from then on', async () => {
    const key = await picard.account('eve');
    const id = await stage.submit(key, 'Eve reads.');
    await stage.read(key, id);
    await stage.settle();
    expect(await keep(key, 0)).toMatchObject({ days: 0, erased: 1 });
    await stage.read(key, id);
    expect(await stage.seen(key, id)).toEqual([]);
    await keep(key, 1);
    await stage.read(key, id);
    expect(await stage.seen(key, id)).toHaveLength(1);
  });

  test('N5 a shorter time takes what is older with it', async () => {
    const key = await picard.account('finn');
    const [older, newer] = [await stage.submit(key, 'Older'), await stage.submit(key, 'Newer')];
    await stage.read(key, older);
    await stage.read(key, newer);
    await stage.settle();
    await age(older, 8);
    expect(await keep(key, 7)).toMatchObject({ erased: 1 });
    expect((await stage.reads(key)).edges.map(({ node }) => node.memoryId)).toEqual([newer]);
  });

  test('N5 the job takes what each owner has kept long enough', async () => {
    const [short, long] = [await picard.account('gwen'), await picard.account('hugo')];
    await keep(short, 10);
    const ids = [await stage.submit(short, 'Short'), await stage.submit(long, 'Long')] as const;
    await stage.read(short, ids[0]);
    await stage.read(long, ids[1]);
    await stage.settle();
    for (const id of ids) await age(id, 11);
    const stop = new AbortController();
    purgeReads(picard.picard.services, stop.signal);
    stop.abort();
    await expect.poll(() => stage.seen(short, ids[0])).toEqual([]);
    expect(await stage.seen(long, ids[1])).toHaveLength(1);
  });

  test('N5 its owner erases it: of one memory, before a time, all', async () => {
    const key = await picard.account('ines');
    const [one, two, three] = [
      await stage.submit(key, 'One'),
      await stage.submit(key, 'Two'),
      await stage.submit(key, 'Three'),
    ];
    for (const id of [one, two, three]) await stage.read(key, id);
    await stage.settle();
    const erase = (input: string) => stage.change(key, `eraseReads(input: { ${input} }) { erased }`);
    expect(await erase(`memoryId: "${one}"`)).toEqual({ erased: 1 });
    expect(await erase(`memoryId: "nothing"`)).toEqual({ erased: 0 });
    await age(two, 2);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    expect(await erase(`before: "${yesterday}"`)).toEqual({ erased: 1 });
    expect((await stage.reads(key)).edges.map(({ node }) => node.memoryId)).toEqual([three]);
    expect(await erase('')).toEqual({ erased: 1 });
    expect((await stage.reads(key)).edges).toEqual([]);
  });

  test('N5 an app that reads and writes memories cannot cover its tracks', async () => {
    const key = await picard.account('jack');
    const { secret } = await stage.change(
      key,
      'createApiKey(input: { name: "x", scopes: [MEMORIES_WRITE], faces: [GRAPHQL] }) { ... on CreateApiKeyPayload { secret } }',
    );
    for (const mutation of [
      'eraseReads(input: {}) { erased }',
      'updateReadsKept(input: { days: 0 }) { __typename }',
    ]) {
      const { errors } = await picard.ask(`mutation { ${mutation} }`, {}, String(secret));
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
  });

  test('N5 what is erased for good takes its reads with it', async () => {
    const key = await picard.account('kate');
    const id = await stage.submit(key, 'Kate forgets.');
    await stage.read(key, id);
    await stage.settle();
    await picard.picard.services.database.asOwner((sql) => sql`delete from memories where id = ${id}`);
    expect((await stage.reads(key)).edges).toEqual([]);
  });
});
