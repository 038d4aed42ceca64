import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { schema } from './index.ts';

function cost(source: string, variables: Record<string, unknown> = {}): number {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('No operation');
  return costOf(schema, document, operation, variables);
}

test.each<[number, string, Record<string, unknown>?]>([
  [0, '{ viewer { administrator } }'],
  [20, '{ memories { edges { node { id } } } }'],
  [100, '{ memories(first: 100) { edges { node { id text } } } }'],
  [110, '{ memories(first: 100) { totalCount edges { node { id } } } }'],
  [30, '{ memories(first: 10) { a: totalCount b: totalCount } }'],
  [220, '{ memories(first: 20) { edges { node { versions(first: 10) { edges { cursor } } } } } }'],
  [
    420,
    '{ memories(first: 20) { a: edges { node { ...V } } b: edges { node { ...V } } } } fragment V on Memory { versions(first: 10) { pageInfo { endCursor } } }',
  ],
  [7, 'query ($n: Int) { memories(first: $n) { edges { cursor } } }', { n: 7 }],
  [20, 'query ($n: Int) { memories(first: $n) { edges { cursor } } }'],
  [50, 'query ($n: Int = 50) { memories(first: $n) { edges { cursor } } }'],
  [5, 'query ($n: Int = 50) { memories(first: $n) { edges { cursor } } }', { n: 5 }],
  [20, 'query ($n: Int = 50) { memories(first: $n) { edges { cursor } } }', { n: null }],
  [20, '{ searchMemories(query: "x") { edges { cursor } } }'],
  [30, '{ viewer { tags { tag } } }'],
  [1, '{ memories(first: -5) { edges { cursor } } }'],
  [3, 'mutation { deleteMemories(input: { memories: [{ id: 1 }, { id: 2 }, { id: 3 }] }) { __typename } }'],
  [
    500,
    'mutation ($input: SubmitMemoriesInput!) { submitMemories(input: $input) { ... on SubmitMemoriesPayload { succeeded results { ... on SubmitMemoryPayload { memory { id } } } } } }',
    { input: { memories: Array.from({ length: 500 }, () => ({ text: 'x' })) } },
  ],
  [
    2,
    'mutation ($all: [DeleteMemoryInput!]!) { deleteMemories(input: { memories: $all }) { __typename } }',
    { all: [{ id: 1 }, { id: 2 }] },
  ],
])('P3 D20 %i points: %s %j', (points, source, variables) => {
  expect(cost(source, variables)).toBe(points);
});
