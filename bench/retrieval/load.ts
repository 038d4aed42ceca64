import * as z from 'zod';
import { newAccount } from '../account.ts';
import { type Endpoint, execute } from '../graphql.ts';
import { batches } from './batches.ts';
import { type MemoryInput, memoryOf } from './memory.ts';
import type { TestSet } from './set.ts';

/** One scope of a set on the server: its account, and its documents by the ids the server gave them. */
export interface LoadedScope {
  readonly account: Endpoint;
  readonly documents: ReadonlyMap<string, MemoryInput>;
}

const submitMemories = /* GraphQL */ `
  mutation LoadDocuments($input: SubmitMemoriesInput!) {
    submitMemories(input: $input) {
      __typename
      ... on SubmitMemoriesPayload {
        results {
          __typename
          ... on SubmitMemoryPayload {
            memory {
              id
            }
          }
          ... on UserError {
            message
          }
        }
      }
      ... on UserError {
        message
      }
    }
  }
`;

const Answer = z.object({
  submitMemories: z.object({
    __typename: z.string(),
    message: z.string().optional(),
    results: z
      .array(z.object({ memory: z.object({ id: z.string() }).optional(), message: z.string().optional() }))
      .optional(),
  }),
});

/** Imports a set, one new account for each scope. Documents without any text are left out. */
export async function loadSet(administrator: Endpoint, set: TestSet): Promise<Map<string, LoadedScope>> {
  const scopes = new Map<string, LoadedScope>();
  for (const [scope, documents] of Map.groupBy(set.documents, (document) => document.scope)) {
    const account = await newAccount(administrator, scope);
    const memories = documents.flatMap((document) => memoryOf(document) ?? []);
    const loaded = new Map<string, MemoryInput>();
    for (const batch of batches(memories)) {
      const ids = await submit(account, batch);
      for (const [index, id] of ids.entries()) {
        const memory = batch[index];
        if (memory) loaded.set(id, memory);
      }
    }
    if (loaded.size !== memories.length)
      throw new Error(`${set.name}, ${scope}: ${memories.length} were sent, ${loaded.size} have an id.`);
    scopes.set(scope, { account, documents: loaded });
  }
  return scopes;
}

async function submit(account: Endpoint, memories: readonly MemoryInput[]): Promise<string[]> {
  const { submitMemories: answer } = await execute(account, submitMemories, Answer, { input: { memories } });
  if (!answer.results) throw new Error(`The import was refused: ${answer.message ?? answer.__typename}`);
  return answer.results.map((result, index) => {
    if (!result.memory)
      throw new Error(
        `${memories[index]?.sourceId ?? index} was refused: ${result.message ?? 'no reason given'}`,
      );
    return result.memory.id;
  });
}
