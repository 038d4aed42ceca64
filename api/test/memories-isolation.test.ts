import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf, type MemoryAnswer } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let theirs: ReturnType<typeof memoriesOf>;
let stranger: string;
let memory: MemoryAnswer;
let owner: string;
let apiKey: string;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
  const ownersKey = await picard.account('owner');
  theirs = memoriesOf(picard, ownersKey);
  stranger = await picard.account('stranger');
  memory = await theirs.keep({ text: 'a secret quagga', tags: ['private'], thread: 'secret', position: 1 });
  await theirs.update({ id: memory.id, text: 'a secret quagga, twice' });
  const ids = '{ viewer { user { id } apiKeys { edges { node { id } } } } }';
  type Ids = { viewer: { user: { id: string }; apiKeys: { edges: { node: { id: string } }[] } } };
  const { viewer } = await picard.data<Ids>(ids, {}, ownersKey);
  owner = viewer.user.id;
  apiKey = viewer.apiKeys.edges[0]?.node.id ?? '';
});
afterAll(() => picard[Symbol.asyncDispose]());

const blotted = (body: string, id: string): string =>
  id === '' ? body : body.replaceAll(JSON.stringify(id).slice(1, -1), '<id>');

/** The status and body for an id, with the id itself blotted out: what is left must be the same to the byte. */
async function answerTo(query: string, id: string): Promise<string> {
  const response = await fetch(new URL('/graphql', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stranger}` },
    body: JSON.stringify({ query, variables: { id } }),
  });
  return `${response.status} ${blotted(await response.text(), id)}`;
}

const error = '__typename ... on UserError { code message } ... on MemoryNotFound { memoryId }';
const item = `results { ${error} } succeeded failed`;
const memoryDocuments = [
  'query ($id: ID!) { memory(id: $id) { text versions { edges { node { text } } } } }',
  'query ($id: ID!) { node(id: $id) { __typename id } }',
  'query ($id: ID!) { relatedMemories(to: $id) { edges { node { text } } notice } }',
  `mutation ($id: ID!) { updateMemory(input: { id: $id, text: "x" }) { ${error} } }`,
  `mutation ($id: ID!) { updateMemory(input: { id: $id, text: "x", expectedVersion: 7 }) { ${error} } }`,
  `mutation ($id: ID!) { deleteMemory(input: { id: $id }) { ${error} } }`,
  `mutation ($id: ID!) { deleteMemory(input: { id: $id, expectedVersion: 7 }) { ${error} } }`,
  `mutation ($id: ID!) { undeleteMemory(input: { id: $id }) { ${error} } }`,
  `mutation ($id: ID!) { restoreMemoryVersion(input: { id: $id, version: 1 }) { ${error} } }`,
  `mutation ($id: ID!) { restoreMemoryVersion(input: { id: $id, version: 9 }) { ${error} } }`,
  `mutation ($id: ID!) { updateMemories(input: { memories: [{ id: $id, text: "x" }] }) { ... on UpdateMemoriesPayload { ${item} } } }`,
  `mutation ($id: ID!) { deleteMemories(input: { memories: [{ id: $id }] }) { ... on DeleteMemoriesPayload { ${item} } } }`,
  `mutation ($id: ID!) { updateMemories(input: { memories: [{ id: $id, text: "x" }], atomic: true }) { ... on BatchRefused { message failures { index code message } } } }`,
];
const accountDocuments = [
  'query ($id: ID!) { user(id: $id) { handle memories { edges { node { text } } } } }',
  'query ($id: ID!) { node(id: $id) { __typename id } }',
  'query ($id: ID!) { memories(filter: { owner: $id }) { totalCount edges { node { text } } } }',
  'query ($id: ID!) { viewer { memories(filter: { deleted: true, owner: $id }) { edges { node { text } } } } }',
  'query ($id: ID!) { searchMemories(query: "quagga", filter: { owner: $id }) { edges { node { text } } mode notice } }',
];
const keyDocuments = [
  'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename ... on UserError { code message } ... on ApiKeyNotFound { apiKeyId } } }',
];
const absent = 'b9b3d6f0-9f4e-4d39-8a52-3f9b1f0c7a11';
const malformed = [
  'no such id',
  `${absent}0`,
  '0'.repeat(32),
  "'; drop table memories --",
  'nul \u0000',
  '\ud800',
];

describe('P21 a foreign id and a malformed one answer exactly like an absent one', () => {
  test.each(memoryDocuments)('P21 P25 memory: %s', async (document) => {
    const answer = await answerTo(document, absent);
    expect(answer).not.toContain('INTERNAL');
    expect(await answerTo(document, memory.id)).toBe(answer);
    for (const id of malformed) expect(await answerTo(document, id)).toBe(answer);
  });

  test.each(accountDocuments)('P21 account: %s', async (document) => {
    const answer = await answerTo(document, absent);
    expect(answer).not.toContain('INTERNAL');
    for (const id of [owner, '', ...malformed]) expect(await answerTo(document, id)).toBe(answer);
  });

  test.each(keyDocuments)('P21 P66 API key: %s', async (document) => {
    const answer = await answerTo(document, absent);
    expect(answer).toContain('API_KEY_NOT_FOUND');
    expect(await answerTo(document, apiKey)).toBe(answer);
    for (const id of malformed) expect(await answerTo(document, id)).toBe(answer);
  });
});

test('P21 nothing of another account shows in lists, counts, tags or search', async () => {
  const document = `{
    memories(filter: { expiry: ANY }) { totalCount edges { node { id } } }
    trash: memories(filter: { deleted: true, expiry: ANY }) { totalCount }
    searchMemories(query: "secret quagga") { edges { node { id } } }
    viewer { tags { tag } memories { totalCount } pendingEmbeddings }
  }`;
  expect(await picard.data(document, {}, stranger)).toEqual({
    memories: { totalCount: 0, edges: [] },
    trash: { totalCount: 0 },
    searchMemories: { edges: [] },
    viewer: { tags: [], memories: { totalCount: 0 }, pendingEmbeddings: 0 },
  });
});

test('P21 the owner’s memory is as it was after all that', async () => {
  expect(await theirs.get(memory.id)).toMatchObject({
    text: 'a secret quagga, twice',
    version: 2,
    deletedAt: null,
  });
  expect(await theirs.texts({ text: 'quagga' })).toEqual(['a secret quagga, twice']);
});
