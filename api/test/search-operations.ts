import { memoriesOf, present, type Input } from './memories-operations.ts';
import type { TestPicard } from './picard.ts';

export interface Edge {
  cursor: string;
  score: number;
  reasons: { kind: string; score: number }[];
  words: string[];
  node: { id: string; text: string };
}
export interface Found {
  edges: Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  mode: string;
  notice: string | null;
}

const HITS = `edges { cursor score reasons { kind score } words node { id text } }
  pageInfo { hasNextPage hasPreviousPage endCursor } mode notice`;
export const SEARCH = `query ($query: String!, $first: Int, $after: String, $filter: MemoryFilter, $mode: SearchMode,
  $language: String, $threadContext: Boolean) {
  searchMemories(query: $query, first: $first, after: $after, filter: $filter, mode: $mode, language: $language,
    threadContext: $threadContext) { ${HITS} } }`;
const RELATED = `query ($to: ID!, $first: Int, $filter: MemoryFilter) {
  relatedMemories(to: $to, first: $first, filter: $filter) { ${HITS} } }`;

let accounts = 0;

/** An account of its own for each corpus. */
async function account(picard: TestPicard) {
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

export async function corpus(picard: TestPicard, given: Input[]) {
  const reader = await account(picard);
  const { results } = await reader.submitAll(given, true);
  return { ...reader, ids: present(results).map(({ memory }) => present(memory).id) };
}

export const texts = ({ edges }: Found): string[] => edges.map(({ node }) => node.text);
