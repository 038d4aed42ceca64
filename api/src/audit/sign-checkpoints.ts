import type { Services } from '../services.ts';
import { checkpointKey, signCheckpoint } from './checkpoint.ts';
import { insertCheckpoints, listUnsigned, settleLogs } from './checkpoint-rows.ts';

const BATCH = 500;

/** Signs the end of every log that has grown since it was last signed; answers how many. */
export async function signCheckpoints({
  database,
  dataKeys,
}: Pick<Services, 'database' | 'dataKeys'>): Promise<number> {
  const key = checkpointKey((await dataKeys.ofServer(database)).auditCheckpoints);
  for (let signed = 0; ;) {
    const count = await database.forJobs(async (sql) => {
      await settleLogs(sql);
      const ends = await listUnsigned(sql, BATCH);
      const at = new Date();
      await insertCheckpoints(
        sql,
        ends.map((end) => signCheckpoint(key, { ...end, at })),
      );
      return ends.length;
    });
    signed += count;
    if (count < BATCH) return signed;
  }
}
