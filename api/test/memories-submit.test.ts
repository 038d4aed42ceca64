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

  test('P22 takes an instant of the first century', async () => {
    const { id } = await mine.keep({ text: 'Vesuvius', occurredAt: '0079-10-24T12:00:00.000Z' });
    expect((await mine.get(id))?.occurredAt).toBe('0079-10-24T12:00:00.000Z');
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
