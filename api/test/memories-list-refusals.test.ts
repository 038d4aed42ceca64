import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let mine: ReturnType<typeof memoriesOf>;
beforeAll(async () => {
  picard = await startTestPicard();
  mine = memoriesOf(picard);
  const placed = { thread: 't', occurredAt: '2026-01-01T00:00:00Z' };
  await mine.submitAll(Array.from({ length: 5 }, (_, position) => ({ text: 'x', position, ...placed })));
});
afterAll(() => picard[Symbol.asyncDispose]());

const cursor = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
const LIST = `query ($first: Int, $after: String, $order: MemoryOrder, $filter: MemoryFilter) {
  memories(first: $first, after: $after, order: $order, filter: $filter) { edges { cursor } } }`;

async function refusal(variables: Input, query = LIST): Promise<unknown> {
  const { data, errors } = await picard.ask(query, variables);
  expect(data).toBeNull();
  return errors?.map(({ extensions, path }) => [extensions['code'], extensions['field'], path]);
}

describe('P28 what cannot be asked', () => {
  test.each([0, -1, 101])('P28 first: %i', async (first) => {
    expect(await refusal({ first })).toEqual([['INVALID_INPUT', 'first', ['memories']]]);
  });

  const id = '7c0bfb0e-4b5b-4f3e-9d50-6d0a8f6f0a11';
  test.each([
    ['no base64', '€€€'],
    ['no JSON', 'abc'],
    ['another list', cursor([1])],
    ['a search', cursor([0.5, id])],
    ['no list', cursor({ order: 'CREATED_DESC' })],
    ['null', cursor(null)],
    ['a key that is no instant', cursor(['CREATED_DESC', 'tomorrow', id])],
    ['a day that is not there', cursor(['CREATED_DESC', '2026-02-30T00:00:00.000Z', id])],
    ['the year 0', cursor(['CREATED_DESC', '0000-01-01T00:00:00.000Z', id])],
    ['an id that is none', cursor(['CREATED_DESC', '2026-01-01T00:00:00.000Z', 'x'])],
    ['too many parts', cursor(['CREATED_DESC', '2026-01-01T00:00:00.000Z', id, 1])],
    ['another order', cursor(['CREATED_ASC', '2026-01-01T00:00:00.000Z', id])],
  ])('P28 a cursor of %s', async (_name, after) => {
    expect(await refusal({ after })).toEqual([['INVALID_INPUT', 'after', ['memories']]]);
  });

  test.each(['x', '1.5', '-1e99', '2147483648', '', ' 1', '0x1', '1e3'])(
    'P28 a cursor of the position %j',
    async (key) => {
      const after = cursor(['POSITION_ASC', key, id]);
      expect(await refusal({ after, order: 'POSITION_ASC' })).toEqual([
        ['INVALID_INPUT', 'after', ['memories']],
      ]);
    },
  );

  test('P28 a list’s own cursor under another order', async () => {
    const orders = [
      'CREATED_DESC',
      'CREATED_ASC',
      'MODIFIED_DESC',
      'OCCURRED_DESC',
      'OCCURRED_ASC',
      'POSITION_ASC',
    ];
    for (const made of orders) {
      const { pageInfo } = await mine.list({ first: 2, order: made });
      for (const order of orders.filter((each) => each !== made))
        expect(await refusal({ after: pageInfo.endCursor, order })).toEqual([
          ['INVALID_INPUT', 'after', ['memories']],
        ]);
    }
  });

  test.each([
    ['words in the trash, which has no index', { text: 'apple', deleted: true }, 'filter.text'],
    ['words of which none is indexed', { text: 'the … !' }, 'filter.text'],
    ['NUL in a tag', { tags: ['a\u0000'] }, 'filter.tags.0'],
    ['NUL in a source', { sources: ['\u0000'] }, 'filter.sources.0'],
    ['NUL in the thread', { thread: '\u0000' }, 'filter.thread'],
    ['half a surrogate pair', { thread: '\ud800' }, 'filter.thread'],
  ])('P28 %s', async (_name, filter, field) => {
    expect(await refusal({ filter })).toEqual([['INVALID_INPUT', field, ['memories']]]);
  });

  test('P67 cursors of versions and P66 of keys that none gave', async () => {
    const one = await mine.keep({ text: 'x' });
    const versions =
      'query ($id: ID!, $after: String) { memory(id: $id) { versions(after: $after) { edges { cursor } } } }';
    const keys = 'query ($after: String) { viewer { apiKeys(after: $after) { edges { cursor } } } }';
    for (const parts of [[1e300], [2 ** 31], [1.5], ['1'], [], [1, 2], null]) {
      const { errors } = await picard.ask(versions, { id: one.id, after: cursor(parts) });
      expect(errors?.[0]?.extensions['code'], JSON.stringify(parts)).toBe('INVALID_INPUT');
    }
    for (const parts of [
      ['x', 'y'],
      ['2026-01-01T00:00:00.000Z', 'y'],
      [1, id],
      ['x', id],
    ]) {
      const { errors } = await picard.ask(keys, { after: cursor(parts) });
      expect(errors?.[0]?.extensions['code'], JSON.stringify(parts)).toBe('INVALID_INPUT');
    }
  });
});
