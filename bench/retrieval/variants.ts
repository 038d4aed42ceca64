import * as z from 'zod';
import { type Endpoint, execute } from '../graphql.ts';

/** The ways a query is asked of the server; the last three leave something out to show what it is worth. */
export const serverVariants = {
  hybrid: { mode: 'HYBRID', threadContext: true },
  words: { mode: 'WORDS', threadContext: true },
  vectors: { mode: 'VECTORS', threadContext: false },
  'hybrid-no-context': { mode: 'HYBRID', threadContext: false },
  'words-no-context': { mode: 'WORDS', threadContext: false },
} as const;

export type ServerVariant = keyof typeof serverVariants;

/** Asked in this process, of plain text, by code of its own: the keyed index has to answer the same. */
export const plainVariant = 'bm25-plain';

export const isServerVariant = (name: string): name is ServerVariant => name in serverVariants;

/** How many memories are asked for, and compared. */
export const depth = 20;

const searchMemories = /* GraphQL */ `
  query BenchSearch($query: String!, $first: Int!, $mode: SearchMode!, $threadContext: Boolean!) {
    searchMemories(query: $query, first: $first, mode: $mode, threadContext: $threadContext) {
      mode
      edges {
        node {
          id
        }
      }
    }
  }
`;

const Answer = z.object({
  searchMemories: z.object({
    mode: z.string(),
    edges: z.array(z.object({ node: z.object({ id: z.string() }) })),
  }),
});

/** The ids found, best first. A server that searches in another mode than asked for is an error. */
export async function searchServer(
  account: Endpoint,
  query: string,
  variant: ServerVariant,
): Promise<string[]> {
  const settings = serverVariants[variant];
  const { searchMemories: found } = await execute(account, searchMemories, Answer, {
    query,
    first: depth,
    ...settings,
  });
  if (found.mode !== settings.mode)
    throw new Error(
      `Asked for ${settings.mode}, the server searched ${found.mode}: it has no embedding model. ` +
        'Choose --variant words and --variant words-no-context, or give it a model.',
    );
  return found.edges.map((edge) => edge.node.id);
}
