import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { unindexMemories } from '../index/index-memories.ts';
import type { Services } from '../services.ts';
import { announce } from '../storage/events.ts';
import { succeeded, type Outcome, type UserError } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, refuseRepeatedIds, type Batch } from './batch.ts';
import { VersionConflict } from './errors.ts';
import { TRASH_DAYS } from './memory.ts';
import { refusalsOfOthers } from './others-writing.ts';
import { lockMemoryRows, type MemoryRow } from './rows.ts';
import { setDeleted } from './write-rows.ts';

export interface Deletion {
  id: string;
  expectedVersion?: number | null;
}

export interface Deleted {
  memoryId: string;
  /** Until then it can be brought back; after that it is erased. */
  erasedAfter: Date;
}

export async function deleteMemory(services: Services, viewer: Viewer, deletion: Deletion): Promise<Deleted> {
  return only(await deleteAll(services, viewer, { items: [deletion], atomic: false }));
}

/** Each item's deletion or why it was refused, in order. @throws {BatchRefused} */
export async function deleteMemories(
  services: Services,
  viewer: Viewer,
  batch: Batch<Deletion>,
): Promise<Outcome<Deleted>[]> {
  refuseBadSize(batch);
  refuseRepeatedIds(batch);
  return deleteAll(services, viewer, batch);
}

async function deleteAll(
  services: Services,
  viewer: Viewer,
  batch: Batch<Deletion>,
): Promise<Outcome<Deleted>[]> {
  const now = new Date();
  return services.database.forViewer(viewer.id, async (sql) => {
    const asked = batch.items.map(({ id }) => id.toLowerCase()).filter(isId);
    const rows = await lockMemoryRows(sql, viewer.id, asked);
    const current = new Map(rows.map((row) => [row.id, row]));
    const others = asked.filter((id) => !current.has(id));
    const refusal = await refusalsOfOthers(sql, viewer.id, others);
    const outcomes = batch.items.map((deletion) => outcomeOf(() => deleted(current, refusal, deletion, now)));
    refuseFailures(batch, outcomes);
    const ids = outcomes.filter(succeeded).map(({ memoryId }) => memoryId);
    const fresh = ids.filter((id) => !current.get(id)?.deletedAt);
    if (fresh.length > 0) {
      await setDeleted(sql, viewer.id, fresh, now);
      await unindexMemories(sql, viewer.id, fresh);
      await announce(
        sql,
        fresh.map((id) => ({ ownerId: viewer.id, memoryId: id, kind: 'DELETED' as const })),
      );
    }
    return outcomes;
  });
}

/** Deleting what lies in the trash already changes nothing, so that a request can be repeated. */
function deleted(
  current: ReadonlyMap<string, MemoryRow>,
  refusal: (id: string) => UserError,
  { id, expectedVersion }: Deletion,
  now: Date,
): Deleted {
  const row = current.get(id.toLowerCase());
  if (!row) throw refusal(id);
  if (typeof expectedVersion === 'number' && expectedVersion !== row.version)
    throw new VersionConflict(id, row.version);
  const since = row.deletedAt ?? now;
  return { memoryId: row.id, erasedAfter: new Date(since.getTime() + TRASH_DAYS * 86_400_000) };
}
