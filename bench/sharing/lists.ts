import * as z from 'zod';
import { type Endpoint, execute } from '../graphql.ts';
import { spread } from '../speed/percentiles.ts';
import type { Measurements } from '../speed/result.ts';

const newest = /* GraphQL */ `
  query BenchNewest($after: String) {
    memories(first: 20, after: $after) {
      edges {
        node {
          id
          text
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;
const Page = z.object({
  memories: z.object({
    edges: z.array(z.unknown()).min(1),
    pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
  }),
});

const count = /* GraphQL */ `
  query BenchCount {
    memories(first: 1) {
      totalCount
    }
  }
`;
const Count = z.object({ memories: z.object({ totalCount: z.number() }) });

/** Times pages of everything that the reader may see, each after the one before, and the count of it. */
export async function measureLists(
  account: Endpoint,
  where: string,
  requests: number,
  into: Measurements,
): Promise<void> {
  const pages: number[] = [];
  for (let after: string | null = null; pages.length < requests;) {
    const begun = performance.now();
    const page: z.infer<typeof Page> = await execute(account, newest, Page, { after });
    pages.push(performance.now() - begun);
    const { endCursor, hasNextPage } = page.memories.pageInfo;
    after = hasNextPage ? endCursor : null;
  }
  into.add(`a page of 20, newest first, ${where}, ms (p50 / p95 / p99)`, spread(pages));
  const counts: number[] = [];
  while (counts.length < requests / 10) {
    const begun = performance.now();
    await execute(account, count, Count);
    counts.push(performance.now() - begun);
  }
  into.add(`the count of all, ${where}, ms (p50 / p95 / p99)`, spread(counts));
}
