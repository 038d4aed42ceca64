import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, present, type Input, type MemoryAnswer } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let mine: ReturnType<typeof memoriesOf>;
let all: MemoryAnswer[];
beforeAll(async () => {
  picard = await startTestPicard();
  mine = memoriesOf(picard);
  all = await fill();
});
afterAll(() => picard[Symbol.asyncDispose]());

const [KINDS, TRUSTS, TAGS, SOURCES, THREADS] = [
  ['NOTE', 'FACT', 'EVENT'],
  ['PERSON', 'APP', 'IMPORT'],
  ['red', 'green', 'blue'],
  [null, 'mail', 'diary'],
  [null, 'one', 'two'],
] as const;
const WORDS = ['apple', 'bridge', 'cloud'];
const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');

/** Few distinct values everywhere, so that sort keys are shared by many. */
async function fill(): Promise<MemoryAnswer[]> {
  const some = <Value>(values: readonly Value[], n: number): Value => values[n % values.length] as Value;
  const inputs = Array.from({ length: 48 }, (_, n): Input => ({
    text: WORDS.filter((_word, bit) => (n >> bit) & 1).join(' ') || 'nothing',
    kind: some(KINDS, n),
    trust: n % 7 === 0 ? 'IMPORT' : some(TRUSTS, n >> 1),
    tags: TAGS.filter((_tag, bit) => ((n * 5) >> bit) & 1),
    source: some(SOURCES, n >> 1),
    thread: some(THREADS, n),
    position: some(THREADS, n) === null || n % 5 === 0 ? null : n % 4,
    occurredAt: n % 3 === 0 ? null : new Date(START + (n % 4) * DAY).toISOString(),
    expiresAt: n % 7 === 0 ? '2020-01-01T00:00:00Z' : n % 5 === 0 ? '2999-01-01T00:00:00Z' : null,
  }));
  const made = await mine.submitAll(inputs);
  const memories = present(made.results).map(({ memory }) => present(memory));
  // Created and modified in a few instants, as after an import of what was written elsewhere.
  await picard.picard.services.database.asOwner(async (sql) => {
    for (const [n, { id }] of memories.entries()) {
      const [created, modified] = [
        new Date(START + (n % 5) * DAY),
        new Date(START + (n % 3) * DAY + 10 * DAY),
      ];
      await sql`update memories set created_at = ${created}, modified_at = ${modified} where id = ${id}`;
    }
  });
  await mine.deleteAll(memories.filter((_memory, n) => n % 11 === 0).map(({ id }) => ({ id })));
  return Promise.all(memories.map(async ({ id }) => present(await mine.get(id))));
}

type Filter = Record<string, unknown>;
type Check = (memory: MemoryAnswer, value: never) => boolean;
const occurred = ({ occurredAt, createdAt }: MemoryAnswer): string => occurredAt ?? createdAt;

/** What each part of a filter means, in the plainest words. Instants in UTC compare as text. */
const MODEL: Record<string, Check> = {
  tags: ({ tags }, wanted: string[]) => wanted.every((tag) => tags.includes(tag)),
  kinds: ({ kind }, any: string[]) => any.length === 0 || any.includes(kind),
  sources: ({ source }, any: string[]) => any.length === 0 || (source !== null && any.includes(source)),
  trust: ({ trust }, any: string[]) => any.length === 0 || any.includes(trust),
  thread: ({ thread }, wanted: string) => thread === wanted,
  text: ({ text }, words: string) => words.split(' ').every((word) => text.includes(word.replace(/s$/, ''))),
  occurredAfter: (memory, instant: string) => occurred(memory) > instant,
  occurredBefore: (memory, instant: string) => occurred(memory) < instant,
  createdAfter: ({ createdAt }, instant: string) => createdAt > instant,
  createdBefore: ({ createdAt }, instant: string) => createdAt < instant,
  modifiedAfter: ({ modifiedAt }, instant: string) => modifiedAt > instant,
  modifiedBefore: ({ modifiedAt }, instant: string) => modifiedAt < instant,
  expiry: ({ expired }, state: string) => state === 'ANY' || expired === (state === 'EXPIRED'),
  deleted: ({ deletedAt }, wanted: boolean) => (deletedAt !== null) === wanted,
};

function matching(filter: Filter): MemoryAnswer[] {
  const asked = Object.entries({ expiry: 'VALID', deleted: false, ...filter });
  return all.filter((memory) => asked.every(([name, value]) => MODEL[name]?.(memory, value as never)));
}

const KEYS: Record<string, (memory: MemoryAnswer) => string> = {
  CREATED: ({ createdAt }) => createdAt,
  MODIFIED: ({ modifiedAt }) => modifiedAt,
  OCCURRED: occurred,
  POSITION: ({ position }) => (position === null ? 'last' : String(position)),
};
const ORDERS = [
  ...['CREATED_DESC', 'CREATED_ASC', 'MODIFIED_DESC', 'MODIFIED_ASC', 'OCCURRED_DESC', 'OCCURRED_ASC'],
  'POSITION_ASC',
];

function sorted(memories: MemoryAnswer[], order: string): string[] {
  const [name = '', direction] = order.split('_');
  const key = (memory: MemoryAnswer): string => `${present(KEYS[name])(memory)} ${memory.id}`;
  const ascending = [...memories].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(({ id }) => id);
  return direction === 'DESC' ? ascending.reverse() : ascending;
}

const instant = fc.integer({ min: -1, max: 14 }).map((day) => new Date(START + day * DAY).toISOString());
const filters = fc.record<Filter>(
  {
    tags: fc.subarray([...TAGS]),
    kinds: fc.subarray([...KINDS]),
    sources: fc.subarray(['mail', 'diary', 'nowhere']),
    trust: fc.subarray([...TRUSTS]),
    thread: fc.constantFrom('one', 'two', 'three'),
    text: fc.constantFrom('apple', 'bridges', 'apple clouds', 'cloud bridge apple', 'zebra'),
    occurredAfter: instant,
    occurredBefore: instant,
    createdAfter: instant,
    createdBefore: instant,
    modifiedAfter: instant,
    modifiedBefore: instant,
    expiry: fc.constantFrom('VALID', 'EXPIRED', 'ANY'),
    deleted: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('P28 lists', () => {
  test('P28 pages of any size, in any order and by any filter, are the model’s list in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 1, max: 60 }),
        filters,
        async (order, first, filter) => {
          // The trash has no word index, which is refused: tested below.
          if (filter['deleted'] === true) delete filter['text'];
          const expected = sorted(matching(filter), order);
          const seen: string[] = [];
          for (let after: string | null = null, more = true; more;) {
            const page = await mine.list({ first, after, filter, order });
            expect(page.totalCount).toBe(expected.length);
            expect(page.edges.length).toBe(Math.min(first, expected.length - seen.length));
            expect(page.pageInfo).toMatchObject({
              hasPreviousPage: after !== null,
              startCursor: page.edges[0]?.cursor ?? null,
              endCursor: page.edges.at(-1)?.cursor ?? null,
            });
            seen.push(...page.edges.map(({ node }) => node.id));
            ({ hasNextPage: more, endCursor: after } = page.pageInfo);
          }
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('P28 every order is walked by ones, across shared keys', async () => {
    for (const order of ORDERS) {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const page = await mine.list({ first: 7, after, order, filter: { expiry: 'ANY' } });
        seen.push(...page.edges.map(({ node }) => node.id));
        ({ hasNextPage: more, endCursor: after } = page.pageInfo);
      }
      expect(seen).toEqual(sorted(matching({ expiry: 'ANY' }), order));
    }
  });

  test('P28 a walk misses none that stays while others come and go', async () => {
    const stays = sorted(matching({}), 'CREATED_DESC');
    const passing = await mine.keep({ text: 'passing' });
    const seen: string[] = [];
    let page = await mine.list({ first: 5 });
    for (;;) {
      seen.push(...page.edges.map(({ node }) => node.id));
      if (seen.length === 5) await mine.delete({ id: passing.id });
      if (!page.pageInfo.hasNextPage) break;
      page = await mine.list({ first: 5, after: page.pageInfo.endCursor });
    }
    expect(seen.filter((id) => id !== passing.id)).toEqual(stays);
  });

  test('P28 the owner filter: oneself is everything, and viewer.memories and user.memories are the same list', async () => {
    const document = `{
      viewer { user { id memories(first: 100) { edges { node { id } } } } memories(first: 100) { edges { node { id } } } }
    }`;
    type Ids = { edges: { node: { id: string } }[] };
    const { viewer } = await picard.data<{ viewer: { user: { id: string; memories: Ids }; memories: Ids } }>(
      document,
    );
    const expected = sorted(matching({}), 'CREATED_DESC');
    const ids = ({ edges }: Ids): string[] => edges.map(({ node }) => node.id);
    expect(ids(viewer.memories)).toEqual(expected);
    expect(ids(viewer.user.memories)).toEqual(expected);
    const owned = await mine.list({ first: 50, filter: { owner: viewer.user.id.toUpperCase() } });
    expect(owned.edges.map(({ node }) => node.id)).toEqual(expected);
    expect((await mine.list({ filter: { owner: crypto.randomUUID() } })).totalCount).toBe(0);
  });
});

describe('P27 tags', () => {
  test('P27 the tags in use, most used first, by how they begin', async () => {
    const valid = matching({});
    const counted = TAGS.map((tag) => ({
      tag,
      memories: valid.filter(({ tags }) => tags.includes(tag)).length,
    }))
      .filter(({ memories }) => memories > 0)
      .sort((a, b) => b.memories - a.memories || (a.tag < b.tag ? -1 : 1));
    const tags =
      'query ($startsWith: String, $first: Int) { viewer { tags(startsWith: $startsWith, first: $first) { tag memories } } }';
    expect(await picard.data(tags)).toEqual({ viewer: { tags: counted } });
    expect(await picard.data(tags, { first: 1 })).toEqual({ viewer: { tags: counted.slice(0, 1) } });
    expect(await picard.data(tags, { startsWith: 'GR' })).toEqual({
      viewer: { tags: counted.filter(({ tag }) => tag === 'green') },
    });
    for (const variables of [{ startsWith: '\u0000' }, { first: 0 }, { first: 101 }]) {
      expect((await picard.ask(tags, variables)).errors?.[0]?.extensions['code']).toBe('INVALID_INPUT');
    }
  });
});
