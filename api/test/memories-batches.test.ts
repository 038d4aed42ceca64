import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, present, type Input, type MemoryAnswer } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let mine: ReturnType<typeof memoriesOf>;
beforeAll(async () => {
  picard = await startTestPicard();
  mine = memoriesOf(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const items = (count: number, tag: string): Input[] =>
  Array.from({ length: count }, (_, n) => ({ text: `${tag} ${n}`, tags: [tag] }));
const count = async (tag: string): Promise<number> =>
  (await mine.list({ filter: { tags: [tag] } })).totalCount;
const keepAll = async (given: Input[]): Promise<MemoryAnswer[]> =>
  present((await mine.submitAll(given)).results).map(({ memory }) => present(memory));

describe('P26 size', () => {
  test('P26 500 items are one batch of each kind, allowed by the cost', async () => {
    const made = await keepAll(items(500, 'many'));
    expect(made.map(({ text }) => text)).toEqual(items(500, 'many').map(({ text }) => text));
    const updated = await mine.updateAll(made.map(({ id }, n) => ({ id, text: `changed ${n}` })));
    expect(updated).toMatchObject({ __typename: 'UpdateMemoriesPayload', succeeded: 500, failed: 0 });
    expect(updated.results?.map(({ memory }) => memory?.text)).toEqual(made.map((_, n) => `changed ${n}`));
    const deleted = await mine.deleteAll(made.map(({ id }) => ({ id })));
    expect(deleted.results?.map(({ memoryId }) => memoryId)).toEqual(made.map(({ id }) => id));
    expect(await count('many')).toBe(0);
  });

  test.each([
    ['empty', 0],
    ['of 501', 501],
  ])('P26 a batch %s is refused whole', async (_name, size) => {
    const answers = await Promise.all([
      mine.submitAll(items(size, 'refused')),
      mine.updateAll(Array.from({ length: size }, () => ({ id: crypto.randomUUID(), text: 'x' }))),
      mine.deleteAll(Array.from({ length: size }, () => ({ id: crypto.randomUUID() }))),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({ __typename: 'InvalidInput', field: 'memories', code: 'INVALID_INPUT' });
    expect(await count('refused')).toBe(0);
  });
});

describe('P26 each by itself', () => {
  test('P26 what can be kept is kept, the rest says why, in order', async () => {
    const held = await mine.keep({ text: 'held', sourceId: 'held' });
    const answer = await mine.submitAll([
      { text: 'a', tags: ['mixed'] },
      { text: '', tags: ['mixed'] },
      { text: 'c', tags: ['mixed'], sourceId: 'held' },
      { text: 'd', tags: ['mixed'], sourceId: 'twice' },
      { text: 'e', tags: ['mixed'], sourceId: 'twice' },
      { text: 'f', tags: ['mixed'] },
    ]);
    const results = present(answer.results);
    expect(results.map(({ __typename }) => __typename)).toEqual([
      ...['SubmitMemoryPayload', 'InvalidInput', 'DuplicateSource'],
      ...['SubmitMemoryPayload', 'DuplicateSource', 'SubmitMemoryPayload'],
    ]);
    expect(results[1]).toMatchObject({ field: 'memories.1.text' });
    expect(results[2]).toMatchObject({ memoryId: held.id });
    expect(results[4]).toMatchObject({ memoryId: results[3]?.memory?.id });
    expect(answer).toMatchObject({ succeeded: 3, failed: 3 });
    expect((await mine.texts({ tags: ['mixed'] })).sort()).toEqual(['a', 'd', 'f']);
  });

  test('P26 updates: conflicts, absent and malformed ids, bad fields and good ones side by side', async () => {
    const [a, b, c] = (await keepAll(items(3, 'sides'))) as [MemoryAnswer, MemoryAnswer, MemoryAnswer];
    const { results } = await mine.updateAll([
      { id: a.id, text: 'new', expectedVersion: 1 },
      { id: b.id, text: 'new', expectedVersion: 7 },
      { id: crypto.randomUUID(), text: 'new' },
      { id: 'nothing', text: 'new' },
      { id: c.id, kind: null },
    ]);
    expect(present(results).map(({ __typename }) => __typename)).toEqual([
      ...['UpdateMemoryPayload', 'VersionConflict', 'MemoryNotFound', 'MemoryNotFound', 'InvalidInput'],
    ]);
    expect((await mine.texts({ tags: ['sides'] })).sort()).toEqual(['new', 'sides 1', 'sides 2']);
  });

  test('P26 two updates of one batch cannot take the same source', async () => {
    const [a, b] = (await keepAll(items(2, 'takers'))) as [MemoryAnswer, MemoryAnswer];
    const { results } = await mine.updateAll([a, b].map(({ id }) => ({ id, sourceId: 'taken once' })));
    expect(results?.map(({ __typename }) => __typename)).toEqual(['UpdateMemoryPayload', 'DuplicateSource']);
    expect(results?.[1]).toMatchObject({ memoryId: a.id });
    expect(await mine.get(b.id)).toEqual(b);
  });

  test('P26 an id that stands twice is refused, in capitals or not', async () => {
    const { id } = await mine.keep({ text: 'once' });
    for (const twice of [id, id.toUpperCase()]) {
      const update = await mine.updateAll([
        { id, text: 'a' },
        { id: twice, text: 'b' },
      ]);
      expect(update).toMatchObject({ __typename: 'InvalidInput', field: 'memories' });
      expect(await mine.deleteAll([{ id }, { id: twice }])).toMatchObject({ __typename: 'InvalidInput' });
    }
    expect(await mine.get(id)).toMatchObject({ text: 'once', version: 1, deletedAt: null });
  });

  test('P26 P67 a repeated batch of updates or deletions changes nothing more', async () => {
    const made = await keepAll(items(3, 'repeated'));
    const changes = made.map(({ id }) => ({ id, kind: 'FACT' }));
    const first = await mine.updateAll(changes);
    expect(await mine.updateAll(changes)).toEqual(first);
    expect(await mine.versions(present(made[0]).id)).toHaveLength(2);
    const gone = await mine.deleteAll(made.map(({ id }) => ({ id })));
    expect(await mine.deleteAll(made.map(({ id }) => ({ id })))).toEqual(gone);
  });
});

describe('P26 all or nothing', () => {
  test('P26 one item that cannot be done leaves nothing done, and every failure is told', async () => {
    const [a, b] = (await keepAll(items(2, 'whole'))) as [MemoryAnswer, MemoryAnswer];
    const nobody = crypto.randomUUID();
    const submit = await mine.submitAll(
      [{ text: 'x', tags: ['atomic'] }, { text: '' }, { text: 'y', position: 1 }],
      true,
    );
    expect(submit).toMatchObject({
      __typename: 'BatchRefused',
      code: 'BATCH_REFUSED',
      failures: [
        { index: 1, code: 'INVALID_INPUT' },
        { index: 2, code: 'INVALID_INPUT' },
      ],
    });
    const update = await mine.updateAll(
      [
        { id: a.id, text: 'x' },
        { id: nobody, text: 'y' },
      ],
      true,
    );
    expect(update).toMatchObject({
      __typename: 'BatchRefused',
      failures: [{ index: 1, code: 'MEMORY_NOT_FOUND' }],
    });
    const removal = await mine.deleteAll([{ id: a.id }, { id: b.id, expectedVersion: 9 }], true);
    expect(removal).toMatchObject({
      __typename: 'BatchRefused',
      failures: [{ index: 1, code: 'VERSION_CONFLICT' }],
    });
    expect(await count('atomic')).toBe(0);
    expect(await Promise.all([a, b].map(({ id }) => mine.get(id)))).toEqual([a, b]);
  });

  test('P26 all that can be done is done', async () => {
    const answer = await mine.submitAll(items(3, 'atomic ok'), true);
    expect(answer).toMatchObject({ __typename: 'SubmitMemoriesPayload', succeeded: 3, failed: 0 });
    expect(await count('atomic ok')).toBe(3);
  });
});

describe('P26 several batches at once', () => {
  const sourced = (tag: string): Input[] =>
    Array.from({ length: 60 }, (_, n) => ({ text: `${tag} ${n}`, tags: [tag], sourceId: `${tag} ${n}` }));

  test('P26 each source is kept exactly once, whichever order the batches name them in', async () => {
    const batches = [sourced('race'), sourced('race').reverse(), sourced('race'), sourced('race').reverse()];
    const answers = await Promise.all(batches.map((batch) => mine.submitAll(batch)));
    for (const answer of answers) expect(answer.__typename).toBe('SubmitMemoriesPayload');
    expect(answers.reduce((sum, { succeeded = 0 }) => sum + succeeded, 0)).toBe(60);
    expect(answers.reduce((sum, { failed = 0 }) => sum + failed, 0)).toBe(180);
    expect((await mine.texts({ tags: ['race'] })).sort()).toEqual(
      sourced('race')
        .map(({ text }) => text)
        .sort(),
    );
  });

  test('P26 of atomic batches over the same sources exactly one is kept', async () => {
    const batches = [sourced('atomic race'), sourced('atomic race').reverse(), sourced('atomic race')];
    const answers = await Promise.all(batches.map((batch) => mine.submitAll(batch, true)));
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'BatchRefused',
      'BatchRefused',
      'SubmitMemoriesPayload',
    ]);
    expect(await count('atomic race')).toBe(60);
  });

  test('P26 of updates that expect the same versions exactly one wins each memory', async () => {
    const made = await keepAll(items(40, 'versions'));
    const changes = (text: string): Input[] => made.map(({ id }) => ({ id, text, expectedVersion: 1 }));
    const answers = await Promise.all([
      mine.updateAll(changes('a')),
      mine.updateAll(changes('b').reverse()),
      mine.updateAll(changes('c')),
    ]);
    expect(answers.reduce((sum, { succeeded = 0 }) => sum + succeeded, 0)).toBe(40);
    const now = await Promise.all(made.map(({ id }) => mine.get(id)));
    expect(new Set(now.map((memory) => memory?.version))).toEqual(new Set([2]));
  });
});
