import type { KeyObject } from 'node:crypto';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { checkpointKey, isSignedBy, publicKeyOf, type Checkpoint } from './checkpoint.ts';
import { listNewestCheckpoints } from './checkpoint-rows.ts';
import { finding, type Finding } from './finding.ts';
import { findEnd, findHash } from './verification-rows.ts';

type Parts = Pick<Services, 'database' | 'dataKeys'>;

const keyOf = async ({ database, dataKeys }: Parts): Promise<KeyObject> =>
  checkpointKey((await dataKeys.ofServer(database)).auditCheckpoints);

/** Holds the logs against checkpoints that were kept elsewhere; what nobody could have signed is told like a forgery. */
export async function verifyCheckpoints(services: Parts, given: readonly Checkpoint[]): Promise<Finding[]> {
  const key = await keyOf(services);
  return services.database.forJobs(async (sql) => {
    const findings: Finding[] = [];
    for (const checkpoint of given) {
      const { lastSeq } = isId(checkpoint.logId) ? await findEnd(sql, checkpoint.logId) : { lastSeq: 0 };
      const found = await compareCheckpoint(sql, key, checkpoint, lastSeq);
      if (found) findings.push(found);
    }
    return findings;
  });
}

/** What a log is not as the checkpoint says; null where it is. */
export async function compareCheckpoint(
  sql: Sql,
  key: KeyObject,
  checkpoint: Checkpoint,
  lastSeq: number,
): Promise<Finding | null> {
  const { logId, seq, hash, at } = checkpoint;
  const when = `at ${at.toISOString()}`;
  if (!isSignedBy(key, checkpoint)) {
    return finding(
      'FORGED_CHECKPOINT',
      logId,
      seq,
      `the checkpoint of entry ${seq} was not signed by this server.`,
    );
  }
  if (seq > lastSeq) {
    const message = `it had ${seq} entries ${when}, and ends with entry ${lastSeq}: what came after was removed.`;
    return finding('TRUNCATED', logId, lastSeq + 1, message);
  }
  const present = await findHash(sql, logId, seq);
  // One that is gone from between is told by itself.
  if (!present || present.toString('hex') === hash) return null;
  const message = `entry ${seq} had another hash ${when}: it, or one before it, was written anew.`;
  return finding('REWRITTEN', logId, seq, message);
}

/** The newest checkpoint of each log, by the ids of the logs, and the key that they are signed with. */
export async function listCheckpoints(
  services: Parts,
  after: string | null,
  limit: number,
): Promise<{ checkpoints: Checkpoint[]; publicKey: string }> {
  const checkpoints = await services.database.forJobs((sql) => listNewestCheckpoints(sql, after, limit));
  return { checkpoints, publicKey: publicKeyOf(await keyOf(services)) };
}
