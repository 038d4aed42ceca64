import { QuotaExceeded } from '../refusals.ts';
import { SEAL_BYTES } from '../storage/encryption.ts';
import { UserError, type Outcome } from '../user-error.ts';
import type { Room } from './usage-rows.ts';

export const sealedBytes = (text: string): number => Buffer.byteLength(text) + SEAL_BYTES;

/**
 * Does the work as if there were room for all: the database refuses it whole where there is not, and only then it is done
 * again with what fits, item by item. Nothing is counted beforehand where there is room.
 */
export async function countedWhereFull<Value>(work: (counted: boolean) => Promise<Value>): Promise<Value> {
  try {
    return await work(false);
  } catch (error) {
    if (!(error instanceof QuotaExceeded)) throw error;
    return work(true);
  }
}

/** Takes items in order for as long as there is room for them. @param needs what an item adds to the account */
export function withinQuota<Value>(
  room: Room,
  outcomes: readonly Outcome<Value>[],
  needs: (value: Value) => { memories: number; bytes: number },
): Outcome<Value>[] {
  let [freeMemories, freeBytes] = [room.memories ?? Infinity, room.bytes ?? Infinity];
  return outcomes.map((outcome) => {
    if (outcome instanceof UserError) return outcome;
    const more = needs(outcome);
    if (more.memories > Math.max(freeMemories, 0)) return new QuotaExceeded('MEMORIES');
    if (more.bytes > Math.max(freeBytes, 0)) return new QuotaExceeded('STORAGE');
    freeMemories -= more.memories;
    freeBytes -= more.bytes;
    return outcome;
  });
}
