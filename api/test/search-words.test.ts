import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Edge {
  cursor: string;
  score: number;
  reasons: { kind: string; score: number }[];
  words: string[];
  node: { id: string; text: string };
}
interface Found {
  edges: Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  mode: string;
  notice: string | null;
}

const HITS = `edges { cursor score reasons { kind score } words node { id text } }
  pageInfo { hasNextPage hasPreviousPage endCursor } mode notice`;
const SEARCH = `query ($query: String!, $first: Int, $after: String, $filter: MemoryFilter, $mode: SearchMode,
  $language: String, $threadContext: Boolean) {
  searchMemories(query: $query, first: $first, after: $after, filter: $filter, mode: $mode, language: $language,
    threadContext: $threadContext) { ${HITS} } }`;
const RELATED = `query ($to: ID!, $first: Int, $filter: MemoryFilter) {
  relatedMemories(to: $to, first: $first, filter: $filter) { ${HITS} } }`;

let accounts = 0;
/** An account of its own for each corpus. */
async function account() {
  accounts += 1;
  const key = await picard.account(`reader${accounts}`);
  return {
    ...memoriesOf(picard, key),
    key,
    search: async (variables: Input) =>
      (await picard.data<{ searchMemories: Found }>(SEARCH, variables, key)).searchMemories,
    related: async (variables: Input) =>
      (await picard.data<{ relatedMemories: Found | null }>(RELATED, variables, key)).relatedMemories,
  };
}

async function corpus(given: Input[]) {
  const reader = await account();
  const { results } = await reader.submitAll(given, true);
  return { ...reader, ids: present(results).map(({ memory }) => present(memory).id) };
}

const texts = ({ edges }: Found): string[] => edges.map(({ node }) => node.text);

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
    const reader = await corpus([
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
    const reader = await corpus([
      { text, language },
      { text: 'something else', language },
    ]);
    expect(texts(await reader.search({ query, language }))).toEqual([text]);
  });

  test('P29 a change of text, language or thread is searched at once', async () => {
    const reader = await corpus([{ text: 'Die Häuser', language: 'en' }]);
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
    const reader = await corpus([
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
      corpus([
        { text: 'kax valid' },
        { text: 'kax expired', trust: 'IMPORT', expiresAt: '2020-01-01T00:00:00Z' },
        { text: 'kax deleted' },
      ]),
      corpus([{ text: 'kax foreign' }]),
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
    const reader = await corpus([
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

describe('P29 threads', () => {
  const thread = ['mop', 'kax zud', 'fig'].map((text, n) => ({ text, thread: 'talk', position: n + 1 }));

  test('P29 neighbours and thread lend weight, and say so', async () => {
    const reader = await corpus([...thread, { text: 'oak', thread: 'talk', position: 9 }, { text: 'rum' }]);
    const { edges } = await reader.search({ query: 'kax' });
    const kinds = Object.fromEntries(
      edges.map(({ node, reasons }) => [node.text, reasons.map(({ kind }) => kind)]),
    );
    expect(kinds['kax zud']).toEqual(['WORDS', 'THREAD']);
    expect(kinds['mop']?.sort()).toEqual(['NEIGHBOURS', 'THREAD']);
    expect(kinds['fig']?.sort()).toEqual(['NEIGHBOURS', 'THREAD']);
    expect(kinds).not.toHaveProperty('rum');
    expect(edges[0]?.node.text).toBe('kax zud');
    for (const { score, reasons } of edges)
      expect(reasons.reduce((sum, each) => sum + each.score, 0)).toBeCloseTo(score, 12);
    const alone = await reader.search({ query: 'kax', threadContext: false });
    expect(texts(alone)).toEqual(['kax zud']);
  });

  test('P29 a memory that changes its thread is lent weight by the new one', async () => {
    const reader = await corpus([
      ...thread,
      { text: 'oak', thread: 'other', position: 1 },
      { text: 'rum', thread: 'other', position: 2 },
    ]);
    const id = present(reader.ids[1]);
    await reader.update({ id, thread: 'other', position: 3 });
    const found = texts(await reader.search({ query: 'kax' }));
    expect(found).toContain('rum');
    expect(found).not.toContain('mop');
  });

  test('P29 what is hidden lends nothing', async () => {
    const reader = await corpus([...thread]);
    await reader.delete({ id: reader.ids[1] });
    expect((await reader.search({ query: 'kax' })).edges).toEqual([]);
  });
});

describe('P29 pages', () => {
  test.each([1, 7, 100])('P29 by %i, every hit comes once, in the order of the whole', async (first) => {
    const reader = await corpus(
      Array.from({ length: 60 }, (_, n) => ({
        text: `kax ${'mop '.repeat(n % 6)}`,
        ...(n % 2 === 0 && { thread: `t${n % 10}`, position: n }),
      })),
    );
    const whole = (await reader.search({ query: 'kax', first: 100 })).edges.map(({ node }) => node.id);
    expect(new Set(whole).size).toBe(60);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const found = await reader.search({ query: 'kax', first, after });
      expect(found.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...found.edges.map(({ node }) => node.id));
      ({ hasNextPage: more, endCursor: after } = found.pageInfo);
    }
    expect(seen).toEqual(whole);
  });
});

describe('P29 related', () => {
  test('P29 the memories that share its words, without itself', async () => {
    const reader = await corpus([
      { text: 'kax mop zud' },
      { text: 'kax mop' },
      { text: 'zud' },
      { text: 'oak' },
    ]);
    const found = present(await reader.related({ to: reader.ids[0] }));
    expect(texts(found)).toEqual(['kax mop', 'zud']);
    expect(found).toMatchObject({ mode: 'WORDS', notice: expect.stringContaining('no vectors') as string });
    expect(texts(present(await reader.related({ to: reader.ids[0], first: 1 })))).toEqual(['kax mop']);
  });
});

describe('P29 modes and refusals', () => {
  test.each(['HYBRID', 'VECTORS'])('P29 %s without a model is by word, with a notice', async (mode) => {
    const reader = await corpus([{ text: 'kax' }]);
    const found = await reader.search({ query: 'kax', mode });
    expect(found).toMatchObject({
      mode: 'WORDS',
      notice: expect.stringContaining('by word alone') as string,
    });
    expect(texts(found)).toEqual(['kax']);
    expect((await reader.search({ query: 'kax', mode: 'WORDS' })).notice).toBeNull();
  });

  test('P29 a query of stop words or signs alone finds nothing by word', async () => {
    const reader = await corpus([{ text: 'the kax' }]);
    for (const query of ['the', '…?!', '\u0000', '\ud800']) {
      expect((await reader.search({ query, mode: 'WORDS' })).edges).toEqual([]);
    }
  });

  const cursor = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
  test.each<[string, Input]>([
    ['query', { query: ' ' }],
    ['query', { query: 'x'.repeat(2001) }],
    ['first', { query: 'x', first: 0 }],
    ['first', { query: 'x', first: 101 }],
    ['after', { query: 'x', after: 'nonsense' }],
    ['after', { query: 'x', after: cursor([0.5, 'no id']) }],
    [
      'after',
      { query: 'x', after: cursor(['CREATED_DESC', '2026-01-01T00:00:00.000Z', crypto.randomUUID()]) },
    ],
    ['after', { query: 'x', after: cursor(['0.5', crypto.randomUUID()]) }],
    ['filter.thread', { query: 'x', filter: { thread: '\u0000' } }],
    ['filter.text', { query: 'x', filter: { text: 'x', deleted: true } }],
  ])('P29 refuses %s of %j', async (field, variables) => {
    const { errors, data } = await picard.ask(SEARCH, variables);
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', field });
  });
});
