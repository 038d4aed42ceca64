import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { corpus, texts } from './search-operations.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

/** BM25 as in Robertson and Zaragoza (2009), with the idf that never falls below 0. */
function bm25(documents: readonly (readonly string[])[], asked: readonly string[]): number[] {
  const mean = documents.reduce((sum, words) => sum + words.length, 0) / documents.length;
  const idf = (word: string): number => {
    const holders = documents.filter((words) => words.includes(word)).length;
    return Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
  };
  return documents.map((words) =>
    [...new Set(asked)].reduce((score, word) => {
      const frequency = words.filter((each) => each === word).length;
      return (
        score + (idf(word) * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * words.length) / mean))
      );
    }, 0),
  );
}

describe('P29 N2 words over the keyed index', () => {
  // None of these is changed by the stemmer, and none is a stop word.
  const word = fc.constantFrom('kax', 'mop', 'zud', 'fig', 'oak', 'rum');
  const document = fc.record({
    words: fc.array(word, { minLength: 1, maxLength: 12 }),
    tagged: fc.boolean(),
  });

  test('P29 N2 ranks and weighs as plain BM25 over the open texts does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 14 }),
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (documents, asked, filtered) => {
          const reader = await corpus(
            picard,
            documents.map(({ words, tagged }) => ({ text: words.join(' '), tags: tagged ? ['tagged'] : [] })),
          );
          const scores = bm25(
            documents.map(({ words }) => words),
            asked,
          );
          const expected = reader.ids
            .map((id, n) => ({ id, score: present(scores[n]), tagged: present(documents[n]).tagged }))
            .filter(({ score, tagged }) => score > 0 && (tagged || !filtered));
          const best = Math.max(...expected.map(({ score }) => score));
          const { edges, mode } = await reader.search({
            ...{ query: asked.join(' '), mode: 'WORDS', threadContext: false, first: 50 },
            filter: filtered ? { tags: ['tagged'] } : null,
          });
          expect(mode).toBe('WORDS');
          expect(edges.map(({ node }) => node.id).sort()).toEqual(expected.map(({ id }) => id).sort());
          for (const { id, score } of expected) {
            const edge = present(edges.find(({ node }) => node.id === id));
            expect(edge.score).toBeCloseTo(score / best, 6);
          }
          const order = edges.map(({ score, node }): [number, string] => [-score, node.id]);
          expect(order).toEqual([...order].sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1)));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('P29 tells which words of the query fit, and reasons that sum up to the score', async () => {
    const reader = await corpus(picard, [
      { text: 'The runner was running through forests' },
      { text: 'A forest' },
      { text: 'A sea' },
    ]);
    const { edges } = await reader.search({ query: 'Does he RUN in a forest?' });
    expect(edges.map(({ node, words }) => [node.text, [...words].sort()])).toEqual([
      ['The runner was running through forests', ['forest', 'run']],
      ['A forest', ['forest']],
    ]);
    for (const { score, reasons } of edges) {
      expect(reasons.map(({ kind }) => kind)).toEqual(['WORDS']);
      expect(reasons.reduce((sum, each) => sum + each.score, 0)).toBeCloseTo(score, 12);
    }
    expect(edges[0]?.score).toBeGreaterThan(present(edges[1]).score);
  });

  test.each([
    ['de', 'Die Häuser am See', 'haus'],
    ['fr', 'Elle cherchait ses clés', 'chercher clé'],
    ['es', 'Los niños jugaban', 'niño jugar'],
    ['ru', 'красивые книги', 'книга'],
    ['ja', '東京の天気はいい', '天気'],
    ['zh', '我喜欢喝绿茶', '绿茶'],
    ['th', 'ฉันชอบดื่มชาเขียว', 'ดื่ม'],
    ['el', 'Η θάλασσα', 'θαλασσα'],
  ])('P29 finds words in their forms in %s', async (language, text, query) => {
    const reader = await corpus(picard, [
      { text, language },
      { text: 'something else', language },
    ]);
    expect(texts(await reader.search({ query, language }))).toEqual([text]);
  });

  test('P29 a change of text, language or thread is searched at once', async () => {
    const reader = await corpus(picard, [{ text: 'Die Häuser', language: 'en' }]);
    const id = present(reader.ids[0]);
    expect((await reader.search({ query: 'haus', language: 'de' })).edges).toEqual([]);
    await reader.update({ id, language: 'de' });
    expect(texts(await reader.search({ query: 'haus', language: 'de' }))).toEqual(['Die Häuser']);
    await reader.update({ id, text: 'Die Brücke' });
    expect((await reader.search({ query: 'haus', language: 'de' })).edges).toEqual([]);
    expect(texts(await reader.search({ query: 'brücken', language: 'de' }))).toEqual(['Die Brücke']);
  });
});

describe('P29 filters', () => {
  test('P29 filters come before ranking: the best outside them take no place', async () => {
    const noise = Array.from({ length: 150 }, () => ({ text: 'kax kax kax', tags: ['noise'] }));
    const reader = await corpus(picard, [
      ...noise,
      { text: 'one kax among many other words here', tags: ['wanted'], kind: 'FACT' },
    ]);
    const wanted = ['one kax among many other words here'];
    for (const filter of [{ tags: ['wanted'] }, { kinds: ['FACT'] }, { text: 'among' }])
      expect(texts(await reader.search({ query: 'kax', first: 1, filter }))).toEqual(wanted);
    const found = await reader.related({ to: reader.ids[0], first: 1, filter: { tags: ['wanted'] } });
    expect(texts(present(found))).toEqual(wanted);
  });

  test('P29 P34 P67 what is expired, in the trash or another’s is never found', async () => {
    const [reader, other] = await Promise.all([
      corpus(picard, [
        { text: 'kax valid' },
        { text: 'kax expired', trust: 'IMPORT', expiresAt: '2020-01-01T00:00:00Z' },
        { text: 'kax deleted' },
      ]),
      corpus(picard, [{ text: 'kax foreign' }]),
    ]);
    await reader.delete({ id: reader.ids[2] });
    expect(texts(await reader.search({ query: 'kax' }))).toEqual(['kax valid']);
    expect(texts(await reader.search({ query: 'kax', filter: { expiry: 'EXPIRED' } }))).toEqual([
      'kax expired',
    ]);
    expect(texts(await reader.search({ query: 'kax', filter: { expiry: 'ANY' } })).sort()).toEqual([
      'kax expired',
      'kax valid',
    ]);
    expect(texts(present(await reader.related({ to: reader.ids[0] })))).toEqual([]);
    expect(await reader.related({ to: reader.ids[2] })).toBeNull();
    expect(await reader.related({ to: other.ids[0] })).toBeNull();
    expect(texts(await other.search({ query: 'kax' }))).toEqual(['kax foreign']);
  });

  test('P28 P29 the text filter: all words, in any form and order', async () => {
    const reader = await corpus(picard, [
      { text: 'walking the old dogs' },
      { text: 'an old cat' },
      { text: 'a dog walks' },
    ]);
    const filtered = async (text: string) => (await reader.texts({ text })).sort();
    expect(await filtered('dog walk')).toEqual(['a dog walks', 'walking the old dogs']);
    expect(await filtered('OLD dog')).toEqual(['walking the old dogs']);
    expect(await filtered('old dog cat')).toEqual([]);
  });
});
