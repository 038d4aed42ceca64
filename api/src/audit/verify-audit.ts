import type { KeyObject } from 'node:crypto';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { checkChain } from './check-chain.ts';
import { checkpointKey } from './checkpoint.ts';
import { listCheckpointsOf } from './checkpoint-rows.ts';
import { FIRST_HASH } from './entry-hash.ts';
import { finding, type Finding } from './finding.ts';
import { compareCheckpoint } from './verify-checkpoints.ts';
import {
  findEnd,
  findHash,
  findNextLog,
  listChain,
  listUnchained,
  readOneMoment,
} from './verification-rows.ts';

/** How far a verification has come: in a log, or in the acts, which are held against the logs when all logs are through. */
export type Progress = { logId: string; seq: number } | { actId: number };

export interface Verified {
  findings: Finding[];
  /** How many entries this step looked at. */
  entries: number;
  /** How many logs came to their end in it. */
  logs: number;
  /** Where the next step begins; null when all is done. */
  next: Progress | null;
}

/** What a step of a second or less can do. */
const ENTRIES = 2_000;
const LOGS = 200;
const ACTS = 20_000;

/**
 * One step of holding every log against its hashes and its checkpoints, computed here and not in the database. Entries
 * that come meanwhile are left to the next verification.
 */
export async function verifyAudit(
  { database, dataKeys }: Pick<Services, 'database' | 'dataKeys'>,
  after: Progress | null,
): Promise<Verified> {
  const key = checkpointKey((await dataKeys.ofServer(database)).auditCheckpoints);
  return database.forJobs(async (sql) => {
    await readOneMoment(sql);
    const verified: Verified = { findings: [], entries: 0, logs: 0, next: null };
    if (after && 'actId' in after) return verifyActs(sql, after.actId, verified);
    let at: { logId: string; seq: number } | null = after ?? (await nextLog(sql, null));
    while (at && verified.entries < ENTRIES && verified.logs < LOGS && verified.findings.length < 100) {
      const { logId } = at;
      const last: number = await verifyPiece(sql, key, at, verified);
      at = last > 0 ? { logId, seq: last } : await nextLog(sql, logId);
      if (last === 0) verified.logs += 1;
    }
    verified.next = at ?? { actId: 0 };
    return verified;
  });
}

async function nextLog(sql: Sql, after: string | null): Promise<{ logId: string; seq: number } | null> {
  const logId = await findNextLog(sql, after);
  return logId === null ? null : { logId, seq: 0 };
}

/** Up to which entry of the log the piece went; 0 when it was the last. */
async function verifyPiece(
  sql: Sql,
  key: KeyObject,
  { logId, seq }: { logId: string; seq: number },
  verified: Verified,
): Promise<number> {
  const { headSeq, headHash, lastSeq } = await findEnd(sql, logId);
  const end = Math.min(seq + ENTRIES, lastSeq);
  const previous = seq === 0 ? FIRST_HASH : await findHash(sql, logId, seq);
  const rows = await listChain(sql, logId, seq + 1, end, ENTRIES);
  verified.entries += rows.length;
  verified.findings.push(...checkChain(logId, rows, { from: seq + 1, to: end, previous }));
  const done = end >= lastSeq;
  for (const checkpoint of await listCheckpointsOf(
    sql,
    logId,
    seq + 1,
    done ? Number.MAX_SAFE_INTEGER : end,
  )) {
    const found = await compareCheckpoint(sql, key, checkpoint, lastSeq);
    if (found) verified.findings.push(found);
  }
  if (!done) return end;
  const missing = headSeq > lastSeq;
  if (
    missing ||
    (headSeq === lastSeq && headHash && rows.length > 0 && !headHash.equals(rows.at(-1)?.hash ?? headHash))
  ) {
    const message = missing
      ? `it ended with entry ${headSeq}, and ends with entry ${lastSeq}: what came after was removed.`
      : `its end is noted with another hash than entry ${lastSeq} has: that one was written anew.`;
    verified.findings.push(
      finding(missing ? 'TRUNCATED' : 'UNLINKED', logId, missing ? lastSeq + 1 : lastSeq, message),
    );
  }
  if (headSeq < lastSeq) {
    const message = `it ended with entry ${headSeq}, and entries up to ${lastSeq} are there: they were put in.`;
    verified.findings.push(finding('UNLINKED', logId, headSeq + 1, message));
  }
  return 0;
}

async function verifyActs(sql: Sql, after: number, verified: Verified): Promise<Verified> {
  const { last, unchained } = await listUnchained(sql, after, ACTS);
  const findings = unchained.map(({ actId, logId }) =>
    finding(
      'TRUNCATED',
      logId,
      0,
      `it does not hold act ${actId}, which was written to it: its entry was removed.`,
    ),
  );
  return { ...verified, findings, next: last === null ? null : { actId: last } };
}
