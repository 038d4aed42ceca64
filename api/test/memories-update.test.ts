import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, past, present, whole } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let mine: ReturnType<typeof memoriesOf>;
beforeAll(async () => {
  picard = await startTestPicard();
  mine = memoriesOf(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('P25 P33 update', () => {
  test('P25 absent stays, null empties, a value replaces', async () => {
    const made = await mine.keep({ ...whole, sourceId: 'update' });
    const touched = present((await mine.update({ id: made.id, tags: ['new'] })).memory);
    expect(touched).toEqual({ ...made, tags: ['new'], version: 2, modifiedAt: touched.modifiedAt });
    const emptied = present(
      (
        await mine.update({
          ...{ id: made.id, source: null, sourceId: null, position: null, thread: null },
          ...{ occurredAt: null, expiresAt: null },
        })
      ).memory,
    );
    expect(emptied).toMatchObject({
      ...{ text: whole.text, kind: 'FACT', tags: ['new'], language: 'pt-BR', trust: 'APP', version: 3 },
      ...{ source: null, sourceId: null, thread: null, position: null, occurredAt: null, expiresAt: null },
    });
    expect(await mine.get(made.id)).toEqual(emptied);
  });

  test.each([
    ['text', null],
    ['kind', null],
    ['tags', null],
    ['language', null],
    ['text', ''],
    ['position', 1],
    ['expiresAt', past],
  ])('P25 refuses %s: %j and changes nothing', async (field, value) => {
    const made = await mine.keep({ text: 'as it is' });
    const answer = await mine.update({ id: made.id, [field]: value });
    expect(answer).toMatchObject({ __typename: 'InvalidInput', field: `input.${field}` });
    expect(await mine.get(made.id)).toEqual(made);
  });

  test('P25 P67 where nothing differs nothing is written, so a request can be repeated', async () => {
    const made = await mine.keep({ ...whole, sourceId: 'again' });
    const { expiresAt, trust, ...same } = { ...whole, sourceId: 'again', tags: ['home', 'keys'] };
    expect((await mine.update({ id: made.id, ...same, expiresAt })).memory).toEqual(made);
    const changed = (await mine.update({ id: made.id, text: 'new' })).memory;
    expect((await mine.update({ id: made.id, text: 'new' })).memory).toEqual(changed);
    expect(await mine.versions(made.id)).toHaveLength(2);
    expect(trust).toBe(made.trust);
  });

  test('P34 the expiry that an expired memory has may be sent back with a change', async () => {
    const made = await mine.keep({ text: 'old', trust: 'IMPORT', expiresAt: past });
    const answer = await mine.update({ id: made.id, text: 'mended', expiresAt: past });
    expect(answer.memory).toMatchObject({ text: 'mended', expiresAt: past, expired: true });
  });

  test('P25 cannot take the source of another memory', async () => {
    const holder = await mine.keep({ text: 'holder', source: 'mail', sourceId: 'held' });
    const other = await mine.keep({ text: 'other' });
    const answer = await mine.update({ id: other.id, source: 'mail', sourceId: 'held' });
    expect(answer).toMatchObject({ __typename: 'DuplicateSource', memoryId: holder.id });
    expect(await mine.get(other.id)).toEqual(other);
  });

  test('P25 expectedVersion: of two updates at once exactly one wins', async () => {
    const made = await mine.keep({ text: 'contended' });
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) => mine.update({ id: made.id, text, expectedVersion: 1 })),
    );
    const won = answers.filter(({ __typename }) => __typename === 'UpdateMemoryPayload');
    const lost = answers.filter(({ __typename }) => __typename === 'VersionConflict');
    expect([won.length, lost.length]).toEqual([1, 3]);
    for (const each of lost) expect(each).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 2 });
    expect(await mine.get(made.id)).toEqual(won[0]?.memory);
  });
});
