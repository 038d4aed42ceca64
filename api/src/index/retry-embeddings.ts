import type { Services } from '../services.ts';
import { releasePending } from './pending-rows.ts';

/** What failed, and what was given up, is due at once; a text that is being embedded just now may be embedded twice. */
export async function retryEmbeddings({ database, embeddings }: Services): Promise<void> {
  await database.forJobs((sql) => releasePending(sql));
  embeddings.nudge();
}
