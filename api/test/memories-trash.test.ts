import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let mine: ReturnType<typeof memoriesOf>;
beforeAll(async () => {
  picard = await startTestPicard();
  mine = memoriesOf(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const future = new Date(Date.now() + 3_600_000).toISOString();

/** Gives a memory an expiry in the past, which no request can, as the passing of time would. */
async function expire(id: string): Promise<void> {
  await picard.picard.services.database.asOwner(async (sql) => {
    const [{ expired } = { expired: 0 }] = await sql<{ expired: number }[]>`
      with changed as (update memories set expires_at = ${new Date(Date.now() - 1)} where id = ${id} returning 1)
      select count(*)::integer as expired from changed`;
    expect(expired).toBe(1);
  });
}

describe('P67 trash', () => {
  test('P67 what is deleted is gone from lists and search, and comes back as it was', async () => {
    const made = await mine.keep({ text: 'ephemeral xylophone', tags: ['trashed'], sourceId: 'trash' });
    const answer = await mine.delete({ id: made.id });
    expect(answer).toMatchObject({ __typename: 'DeleteMemoryPayload', memoryId: made.id });
    const gone = present(await mine.get(made.id));
    const deletedAt = present(gone.deletedAt);
    expect(Date.parse(present(answer.erasedAfter)) - Date.parse(deletedAt)).toBe(30 * 86_400_000);
    expect(await mine.texts({ tags: ['trashed'] })).toEqual([]);
    expect(await mine.texts({ tags: ['trashed'], deleted: true })).toEqual(['ephemeral xylophone']);
    const search = '{ searchMemories(query: "xylophone") { edges { node { id } } } }';
    expect(await picard.data(search)).toEqual({ searchMemories: { edges: [] } });

    expect(await mine.delete({ id: made.id })).toEqual(answer);
    expect(await mine.update({ id: made.id, text: 'x' })).toMatchObject({ __typename: 'MemoryNotFound' });
    expect(await mine.restore({ id: made.id, version: 1 })).toMatchObject({ __typename: 'MemoryNotFound' });

    expect((await mine.undelete(made.id)).memory).toEqual(made);
    expect((await mine.undelete(made.id)).memory).toEqual(made);
    expect(await picard.data(search)).toEqual({ searchMemories: { edges: [{ node: { id: made.id } }] } });
  });

  test('P67 delete refuses another version', async () => {
    const made = await mine.keep({ text: 'x' });
    expect(await mine.delete({ id: made.id, expectedVersion: 2 })).toMatchObject({
      __typename: 'VersionConflict',
      currentVersion: 1,
    });
    expect(await mine.get(made.id)).toEqual(made);
    expect((await mine.delete({ id: made.id, expectedVersion: 1 })).__typename).toBe('DeleteMemoryPayload');
  });

  test('P67 a source becomes free with the trash, and undelete does not take it back from another', async () => {
    const first = await mine.keep({ text: 'first', sourceId: 'freed' });
    await mine.delete({ id: first.id });
    const second = await mine.keep({ text: 'second', sourceId: 'freed' });
    expect(await mine.undelete(first.id)).toMatchObject({
      __typename: 'DuplicateSource',
      memoryId: second.id,
    });
    expect((await mine.get(first.id))?.deletedAt).not.toBeNull();
  });
});

describe('P34 expiry', () => {
  test('P34 an expired memory is gone from list and search at once, and listed by the expiry filter', async () => {
    const made = await mine.keep({ text: 'passport quetzal', tags: ['expiring'], expiresAt: future });
    const search = '{ searchMemories(query: "quetzal") { edges { node { id } } } }';
    expect(await mine.texts({ tags: ['expiring'] })).toEqual(['passport quetzal']);
    expect(await picard.data(search)).toMatchObject({
      searchMemories: { edges: [{ node: { id: made.id } }] },
    });
    await expire(made.id);
    expect(await mine.texts({ tags: ['expiring'] })).toEqual([]);
    expect(await mine.texts({ tags: ['expiring'], expiry: 'VALID' })).toEqual([]);
    expect(await mine.texts({ tags: ['expiring'], expiry: 'EXPIRED' })).toEqual(['passport quetzal']);
    expect(await mine.texts({ tags: ['expiring'], expiry: 'ANY' })).toEqual(['passport quetzal']);
    expect(await picard.data(search)).toEqual({ searchMemories: { edges: [] } });
    expect(await mine.get(made.id)).toMatchObject({ expired: true });
    expect((await mine.update({ id: made.id, expiresAt: null })).memory).toMatchObject({ expired: false });
    expect(await mine.texts({ tags: ['expiring'] })).toEqual(['passport quetzal']);
  });
});
