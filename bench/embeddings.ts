import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type Endpoint, execute } from './graphql.ts';

const pendingEmbeddings = /* GraphQL */ `
  query PendingEmbeddings {
    viewer {
      pendingEmbeddings
    }
  }
`;

const Answer = z.object({ viewer: z.object({ pendingEmbeddings: z.number() }) });

/** How many memories of the account still wait for their embedding. */
export async function countPending(account: Endpoint): Promise<number> {
  return (await execute(account, pendingEmbeddings, Answer)).viewer.pendingEmbeddings;
}

/**
 * Waits until every account's embeddings have caught up. Gives how many are left: above 0 if they stood still
 * for `patience` ms, as they do when no model can be had.
 */
export async function untilEmbedded(
  accounts: readonly Endpoint[],
  onProgress: (left: number) => void = () => undefined,
  patience = 120_000,
): Promise<number> {
  let fewest = Infinity;
  let lastProgress = performance.now();
  for (;;) {
    const counts = await Promise.all(accounts.map(countPending));
    const left = counts.reduce((sum, count) => sum + count, 0);
    if (left === 0) return 0;
    if (left < fewest) {
      fewest = left;
      lastProgress = performance.now();
      onProgress(left);
    } else if (performance.now() - lastProgress > patience) return left;
    await delay(250);
  }
}
