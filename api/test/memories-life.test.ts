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
const past = '2001-02-03T04:05:06.789Z';
const whole = {
  text: 'The keys lie under the blue pot.\u0000 \u{1F511} ไทย',
  kind: 'FACT',
  tags: ['home', 'keys', 'home'],
  source: 'diary.md',
  sourceId: 'entry 7',
  thread: 'moving house',
  position: 3,
  language: 'pt-BR',
  trust: 'APP',
  occurredAt: '2026-01-02T03:04:05.678+02:00',
  expiresAt: future,
};

/** Gives a memory an expiry in the past, which no request can, as the passing of time would. */
async function expire(id: string): Promise<void> {
  await picard.picard.services.database.asOwner(async (sql) => {
    const [{ expired } = { expired: 0 }] = await sql<{ expired: number }[]>`
      with changed as (update memories set expires_at = ${new Date(Date.now() - 1)} where id = ${id} returning 1)
      select count(*)::integer as expired from changed`;
    expect(expired).toBe(1);
  });
}

describe('P19 P22 P24 P25 submit', () => {
  test('P25 every field comes back as it was given, and the text is sealed (P23)', async () => {
    const made = await mine.keep(whole);
    expect(made).toMatchObject({
      ...whole,
      tags: ['home', 'keys'],
      occurredAt: '2026-01-02T01:04:05.678Z',
      version: 1,
      expired: false,
      deletedAt: null,
      owner: { handle: 'admin' },
    });
    expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made.createdAt).toBe(made.modifiedAt);
    expect(await mine.get(made.id)).toEqual(made);
    expect(await mine.get(made.id.toUpperCase())).toEqual(made);
    const [stored] = await picard.picard.services.database.asOwner(
      (sql) => sql<{ sealed: Buffer }[]>`select sealed from memory_texts where memory_id = ${made.id}`,
    );
    expect(present(stored).sealed.includes('keys')).toBe(false);
  });

  test('P25 defaults where nothing is said, and null says no more than absence', async () => {
    const nulls = Object.fromEntries(Object.keys(whole).map((key) => [key, null]));
    for (const given of [{}, { ...nulls, text: 'x' }]) {
      expect(await mine.keep({ text: 'x', ...given })).toMatchObject({
        ...{ kind: 'NOTE', tags: [], source: null, sourceId: null, thread: null, position: null },
        ...{ language: 'en', trust: 'PERSON', occurredAt: null, expiresAt: null },
      });
    }
  });

  test.each([
    ['32,768 characters', { text: 'é'.repeat(32_768) }],
    ['50 tags of 64 characters', { tags: Array.from({ length: 50 }, (_, n) => String(n).padStart(64, 'x')) }],
    ['the last position', { thread: 't', position: 2_147_483_647 }],
    ['the first position', { thread: 't', position: 0 }],
    [
      'labels of 200 characters',
      { source: 's'.repeat(200), sourceId: 'i'.repeat(200), thread: 't'.repeat(200) },
    ],
    ['the first and last instants', { occurredAt: '0100-01-01T00:00:00.000Z' }],
    ['the last instant', { occurredAt: '9999-12-31T23:59:59.999Z' }],
    ['an expiry that has passed, imported (P34)', { expiresAt: past, trust: 'IMPORT' }],
  ])('P25 takes %s', async (_name, given) => {
    const made = await mine.keep({ text: 'x', ...given });
    expect(made).toMatchObject(given);
    expect(await mine.get(made.id)).toMatchObject(given);
  });

  test.each([
    ['an empty text', { text: ' \n\t' }, 'text'],
    ['32,769 characters', { text: 'x'.repeat(32_769) }, 'text'],
    ['half a surrogate pair in the text', { text: 'a\ud800b' }, 'text'],
    ['half a surrogate pair in a tag', { tags: ['\udc00'] }, 'tags.0'],
    ['half a surrogate pair in the thread', { thread: '\udc00' }, 'thread'],
    ['NUL in a tag', { tags: ['ok', 'a\u0000'] }, 'tags.1'],
    ['NUL in the source', { source: '\u0000' }, 'source'],
    ['NUL in the sourceId', { sourceId: 'a\u0000' }, 'sourceId'],
    ['an empty tag', { tags: [' '] }, 'tags.0'],
    ['a tag of 65 characters', { tags: ['x'.repeat(65)] }, 'tags.0'],
    ['51 tags', { tags: Array.from({ length: 51 }, String) }, 'tags'],
    ['a source of 201 characters', { source: 'x'.repeat(201) }, 'source'],
    ['a position without a thread', { position: 1 }, 'position'],
    ['a position below 0', { thread: 't', position: -1 }, 'position'],
    ['a language that is none', { language: 'english!' }, 'language'],
    ['an expiry that has passed (P34)', { expiresAt: past }, 'expiresAt'],
  ])('P25 refuses %s', async (_name, given, field) => {
    const before = (await mine.list()).totalCount;
    const answer = await mine.submit({ text: 'x', ...given });
    expect(answer).toMatchObject({
      __typename: 'InvalidInput',
      code: 'INVALID_INPUT',
      field: `input.${field}`,
    });
    expect(answer.message).toMatch(/^input\.\S+ \S.*\.$/);
    expect((await mine.list()).totalCount).toBe(before);
  });

  test('P25 the same source and sourceId are taken once, also without a source', async () => {
    for (const place of [{ source: 'mail', sourceId: '1' }, { sourceId: 'lone' }]) {
      const first = await mine.keep({ text: 'first', ...place });
      const again = await mine.submit({ text: 'second', ...place });
      expect(again).toMatchObject({
        __typename: 'DuplicateSource',
        code: 'DUPLICATE_SOURCE',
        memoryId: first.id,
      });
    }
    expect((await mine.submit({ text: 'x', source: 'another', sourceId: '1' })).memory).toBeDefined();
  });
});

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

describe('P67 history', () => {
  test('P67 versions tell the text and the metadata of each time, newest first', async () => {
    const made = await mine.keep({ text: 'one', tags: ['a'], kind: 'NOTE' });
    await mine.update({ id: made.id, tags: ['b'], kind: 'FACT' });
    await mine.update({ id: made.id, text: 'three', language: 'de' });
    await mine.update({ id: made.id, text: 'four', source: 'somewhere' });
    const versions = await mine.versions(made.id);
    expect(versions.map(({ version, text, tags, kind }) => [version, text, tags, kind])).toEqual([
      [4, 'four', ['b'], 'FACT'],
      [3, 'three', ['b'], 'FACT'],
      [2, 'one', ['b'], 'FACT'],
      [1, 'one', ['a'], 'NOTE'],
    ]);
    expect(versions.map(({ language, source }) => [language, source])).toEqual([
      ['de', 'somewhere'],
      ['de', null],
      ['en', null],
      ['en', null],
    ]);
    expect(versions.at(-1)?.writtenAt).toBe(made.createdAt);
  });

  test('P67 versions come in pages', async () => {
    const made = await mine.keep({ text: 'v1' });
    for (let n = 2; n <= 5; n += 1) await mine.update({ id: made.id, text: `v${n}` });
    type Versions = {
      edges: { node: { text: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const document = `query ($id: ID!, $after: String) { memory(id: $id) { versions(first: 2, after: $after) {
        edges { node { text } } pageInfo { hasNextPage endCursor } } } }`;
      const answer: { memory: { versions: Versions } } = await picard.data(document, { id: made.id, after });
      seen.push(...answer.memory.versions.edges.map(({ node }) => node.text));
      ({ hasNextPage: more, endCursor: after } = answer.memory.versions.pageInfo);
    }
    expect(seen).toEqual(['v5', 'v4', 'v3', 'v2', 'v1']);
  });

  test('P67 an earlier version is restored as a new one', async () => {
    const made = await mine.keep({ ...whole, sourceId: 'restore' });
    await mine.update({
      id: made.id,
      text: 'changed',
      tags: [],
      thread: null,
      position: null,
      expiresAt: null,
    });
    const restored = present((await mine.restore({ id: made.id, version: 1 })).memory);
    expect(restored).toEqual({ ...made, version: 3, modifiedAt: restored.modifiedAt });
    expect((await mine.versions(made.id)).map(({ text }) => text)).toEqual([
      whole.text,
      'changed',
      whole.text,
    ]);
  });

  test('P67 P34 a restored version leaves out an expiry that has passed since', async () => {
    const made = await mine.keep({ text: 'a', trust: 'IMPORT', expiresAt: past });
    await mine.update({ id: made.id, text: 'b', expiresAt: null });
    expect((await mine.restore({ id: made.id, version: 1 })).memory).toMatchObject({
      text: 'a',
      expiresAt: null,
    });
  });

  test('P67 refuses versions that are not there, conflicts, and sources that are taken meanwhile', async () => {
    const made = await mine.keep({ text: 'x', sourceId: 'contested' });
    for (const version of [0, -1, 2, 2_147_483_647, -2_147_483_648]) {
      expect(await mine.restore({ id: made.id, version })).toMatchObject({ __typename: 'MemoryNotFound' });
    }
    await mine.update({ id: made.id, sourceId: null });
    expect(await mine.restore({ id: made.id, version: 1, expectedVersion: 1 })).toMatchObject({
      __typename: 'VersionConflict',
      currentVersion: 2,
    });
    const { id } = await mine.keep({ text: 'y', sourceId: 'contested' });
    expect(await mine.restore({ id: made.id, version: 1 })).toMatchObject({
      __typename: 'DuplicateSource',
      memoryId: id,
    });
  });
});

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
