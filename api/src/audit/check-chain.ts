import { entryHash } from './entry-hash.ts';
import { finding, type Finding } from './finding.ts';
import type { ChainRow } from './verification-rows.ts';

/**
 * What does not fit in a piece of a log.
 * @param rows from `from` on, in order; as many as there are up to `to`.
 * @param previous the hash of the entry before `from`; null if that entry is not there, which was told before.
 */
export function checkChain(
  logId: string,
  rows: readonly ChainRow[],
  { from, to, previous }: { from: number; to: number; previous: Buffer | null },
): Finding[] {
  const findings: Finding[] = [];
  let expected = from;
  let before = previous;
  for (const row of rows) {
    const { seq, act } = row;
    if (seq > expected) {
      findings.push(removed(logId, expected, seq - 1));
      before = null;
    }
    if (act === null) {
      findings.push(finding('REMOVED', logId, seq, `what entry ${seq} said (act ${row.actId}) was removed.`));
    } else if (!entryHash({ ...row, act }).equals(row.hash)) {
      findings.push(finding('CHANGED', logId, seq, `entry ${seq} is not as it was written.`));
    }
    if (before && !before.equals(row.previousHash)) {
      const message = `entry ${seq} does not follow entry ${seq - 1}: that one was put in, moved or written anew.`;
      findings.push(finding('UNLINKED', logId, seq - 1, message));
    }
    before = row.hash;
    expected = seq + 1;
  }
  if (expected <= to) findings.push(removed(logId, expected, to));
  return findings;
}

const removed = (logId: string, first: number, last: number): Finding =>
  finding(
    'REMOVED',
    logId,
    first,
    first === last ? `entry ${first} was removed.` : `entries ${first} to ${last} were removed.`,
  );
