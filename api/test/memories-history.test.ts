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
