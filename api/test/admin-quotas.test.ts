import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminStage, type Result } from './admin-stage.ts';

let stage: AdminStage;
beforeAll(async () => {
  stage = await AdminStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const QUOTAS = 'quotas { maxMemories maxStorageMegabytes }';
const server = (input: object) =>
  stage.change('setServerQuotas', input, `... on SetServerQuotasPayload { ${QUOTAS} }`);
const user = (userId: string, input: object) =>
  stage.change('setUserQuotas', { userId, ...input }, `... on SetUserQuotasPayload { user { ${QUOTAS} } }`);
const usage = async (key: string) => {
  const { viewer } = await stage.picard.data<{ viewer: { usage: Record<string, number | null> } }>(
    '{ viewer { usage { memoryCount storageBytes maxMemories maxStorageMegabytes } } }',
    {},
    key,
  );
  return viewer.usage;
};
const batch = (key: string, texts: string[], atomic = false) =>
  stage.change(
    'submitMemories',
    { memories: texts.map((text) => ({ text })), atomic },
    `... on SubmitMemoriesPayload { succeeded results { __typename ... on UserError { code } } }
     ... on BatchRefused { failures { index code } }`,
    key,
  );
const idOf = ({ memory }: Result): string => (memory as { id: string }).id;
const FULL = { __typename: 'QuotaExceeded', code: 'QUOTA_EXCEEDED' };

describe('how many memories an account may have', () => {
  test('the next one is refused by name, and told what to do; deleting one makes room', async () => {
    const ada = await stage.person('ada');
    expect(await user(ada.id, { maxMemories: 2 })).toMatchObject({ user: { quotas: { maxMemories: 2 } } });
    const first = await stage.submit(ada.key, 'One');
    await stage.submit(ada.key, 'Two');
    const refused = await stage.submit(ada.key, 'Three');
    expect(refused).toMatchObject(FULL);
    expect(refused.message).toContain('Delete some');
    expect(await usage(ada.key)).toMatchObject({ memoryCount: 2, maxMemories: 2 });
    await stage.change('deleteMemory', { id: idOf(first) }, '', ada.key);
    expect(await stage.submit(ada.key, 'Three')).toMatchObject({ __typename: 'SubmitMemoryPayload' });
    expect(await stage.change('undeleteMemory', { id: idOf(first) }, '', ada.key)).toMatchObject(FULL);
    expect(await usage(ada.key)).toMatchObject({ memoryCount: 2 });
  });

  test('of a batch what fits is kept, in order, and an atomic one is refused whole', async () => {
    const bob = await stage.person('bob');
    await user(bob.id, { maxMemories: 3 });
    expect(await batch(bob.key, ['1', '2', '3', '4', '5'], true)).toMatchObject({
      __typename: 'BatchRefused',
      failures: [
        { index: 3, code: 'QUOTA_EXCEEDED' },
        { index: 4, code: 'QUOTA_EXCEEDED' },
      ],
    });
    expect(await usage(bob.key)).toMatchObject({ memoryCount: 0, storageBytes: 0 });
    expect(await batch(bob.key, ['1', '', '3', '4', '5'])).toMatchObject({
      succeeded: 3,
      results: [{}, { code: 'INVALID_INPUT' }, {}, {}, FULL],
    });
  });

  test('writers at the same time cannot pass it, by one instance or two', async () => {
    const { id, key } = await stage.person('many-writers');
    await user(id, { maxMemories: 10 });
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, writer) => batch(key, [`${writer} a`, `${writer} b`, `${writer} c`])),
    );
    const kept = results.reduce((sum, result) => sum + Number(result['succeeded']), 0);
    expect(kept).toBe(10);
    const [row] = await stage.picard.picard.services.database.asOwner(
      (sql) =>
        sql<{ count: number }[]>`select count(*)::integer as count from memories where owner_id = ${id}`,
    );
    expect(row?.count).toBe(10);
  });
});

describe('how much room the texts of an account may take', () => {
  test('counts history and trash; changing a text takes room, changing tags takes none', async () => {
    const eve = await stage.person('eve');
    await user(eve.id, { maxStorageMegabytes: 0 });
    expect(await stage.submit(eve.key, 'One')).toMatchObject({
      ...FULL,
      message: expect.stringContaining('history'),
    });
    await user(eve.id, { maxStorageMegabytes: 1 });
    // 60 texts of almost 16,000 bytes are 960,000; one more passes 1,000,000 only with the next.
    const text = (n: number) => `${n} `.padEnd(16_000, 'x');
    const made = await batch(
      eve.key,
      Array.from({ length: 70 }, (_, n) => text(n)),
    );
    expect(made['succeeded']).toBe(Math.floor(1_000_000 / 16_029));
    const used = Number((await usage(eve.key))['storageBytes']);
    expect(used).toBe(Number(made['succeeded']) * 16_029);
    const { viewer } = await stage.picard.data<{
      viewer: { memories: { edges: { node: { id: string } }[] } };
    }>('{ viewer { memories(first: 1) { edges { node { id } } } } }', {}, eve.key);
    const id = viewer.memories.edges[0]?.node.id;
    const update = (input: object) => stage.change('updateMemory', { id, ...input }, '', eve.key);
    expect(await update({ text: text(999) })).toMatchObject(FULL);
    expect(await update({ tags: ['kept'] })).toMatchObject({ __typename: 'UpdateMemoryPayload' });
    expect(await update({ text: 'short' })).toMatchObject({ __typename: 'UpdateMemoryPayload' });
    expect((await usage(eve.key))['storageBytes']).toBe(used + 5 + 29);
    await stage.change('deleteMemory', { id }, '', eve.key);
    expect((await usage(eve.key))['storageBytes']).toBe(used + 5 + 29);
  });
});

describe('whose number holds', () => {
  test('the server’s for all, an account’s own before it; null takes a number away', async () => {
    const [one, other] = [await stage.person('one'), await stage.person('other')];
    expect(await server({ maxMemories: 1 })).toMatchObject({
      quotas: { maxMemories: 1, maxStorageMegabytes: null },
    });
    await user(other.id, { maxMemories: 2 });
    for (const { key } of [one, other]) await stage.submit(key, 'One');
    expect(await stage.submit(one.key, 'Two')).toMatchObject(FULL);
    expect(await stage.submit(other.key, 'Two')).not.toMatchObject(FULL);
    expect(await server({ maxStorageMegabytes: 5 })).toMatchObject({
      quotas: { maxMemories: 1, maxStorageMegabytes: 5 },
    });
    await user(other.id, { maxMemories: null });
    expect(await usage(other.key)).toMatchObject({ memoryCount: 2, maxMemories: 1, maxStorageMegabytes: 5 });
    // What is there already stays.
    expect(await stage.submit(other.key, 'Three')).toMatchObject(FULL);
    await server({ maxMemories: null, maxStorageMegabytes: null });
    expect(await stage.submit(one.key, 'Two')).not.toMatchObject(FULL);
    expect(await server({ maxMemories: -1 })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await user(crypto.randomUUID(), { maxMemories: 1 })).toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  test('is for administrators to say', async () => {
    const { key, id } = await stage.person('wants-more');
    const server = 'mutation { setServerQuotas(input: { maxMemories: 9 }) { __typename } }';
    const own = `mutation { setUserQuotas(input: { userId: "${id}", maxMemories: 9 }) { __typename } }`;
    for (const mutation of [server, own]) expect(await stage.refusal(mutation, key)).toBe('FORBIDDEN');
  });
});
