import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
});
afterAll(() => picard[Symbol.asyncDispose]());

const submit = `mutation ($input: SubmitMemoryInput!) {
  submitMemory(input: $input) {
    __typename
    ... on SubmitMemoryPayload { memory { id text tags version } }
    ... on UserError { code message }
  }
}`;

test('a memory goes in and comes back by meaning', async () => {
  const { submitMemory } = await picard.data<{ submitMemory: { memory: { id: string } } }>(submit, {
    input: { text: 'I drink green tea every morning', tags: ['habits'] },
  });
  await picard.data(submit, { input: { text: 'The bicycle has a flat tyre' } });
  await picard.embedded();
  const { searchMemories } = await picard.data<{ searchMemories: { mode: string; edges: { node: { id: string } }[] } }>(
    '{ searchMemories(query: "favourite beverage") { mode edges { node { id } } } }',
  );
  expect(searchMemories.mode).toBe('HYBRID');
  expect(searchMemories.edges[0]?.node.id).toBe(submitMemory.memory.id);
});
