import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { corpus, SEARCH, texts } from './search-operations.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('P29 threads', () => {
  const thread = ['mop', 'kax zud', 'fig'].map((text, n) => ({ text, thread: 'talk', position: n + 1 }));

  test('P29 neighbours and thread lend weight, and say so', async () => {
    const reader = await corpus(picard, [
      ...thread,
      { text: 'oak', thread: 'talk', position: 9 },
      { text: 'rum' },
    ]);
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
    const reader = await corpus(picard, [
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
    const reader = await corpus(picard, [...thread]);
    await reader.delete({ id: reader.ids[1] });
    expect((await reader.search({ query: 'kax' })).edges).toEqual([]);
  });
});

describe('P29 pages', () => {
  test.each([1, 7, 100])('P29 by %i, every hit comes once, in the order of the whole', async (first) => {
    const reader = await corpus(
      picard,
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
    const reader = await corpus(picard, [
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
    const reader = await corpus(picard, [{ text: 'kax' }]);
    const found = await reader.search({ query: 'kax', mode });
    expect(found).toMatchObject({
      mode: 'WORDS',
      notice: expect.stringContaining('by word alone') as string,
    });
    expect(texts(found)).toEqual(['kax']);
    expect((await reader.search({ query: 'kax', mode: 'WORDS' })).notice).toBeNull();
  });

  test('P29 a query of stop words or signs alone finds nothing by word', async () => {
    const reader = await corpus(picard, [{ text: 'the kax' }]);
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
