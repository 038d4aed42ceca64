import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { reindexMemories } from '../search/index-memories.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { violatesUnique } from '../storage/errors.ts';
import { announce } from '../storage/events.ts';
import { sealText } from '../storage/sealed-text.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, refuseRepeatedIds, type Batch } from './batch.ts';
import { DuplicateSource, MemoryNotFound, VersionConflict } from './errors.ts';
import { changedFields, type GivenFields, type Memory } from './memory.ts';
import { reveal } from './reveal.ts';
import { findBySource, lockMemoryRows, type MemoryRow } from './rows.ts';
import { updateMemoryRows } from './write-rows.ts';

/** Absent fields stay as they are; null empties those that may be empty. */
export type MemoryChange = Omit<GivenFields, 'trust'> & { id: string; expectedVersion?: number | null };

export async function updateMemory(
  services: Services,
  viewer: Viewer,
  change: MemoryChange,
): Promise<Memory> {
  return only(await updateAll(services, viewer, { items: [change], atomic: false }, () => 'input'));
}

/** Each item's memory as it is now, or why it was refused, in order. @throws {BatchRefused} */
export async function updateMemories(
  services: Services,
  viewer: Viewer,
  batch: Batch<MemoryChange>,
): Promise<Outcome<Memory>[]> {
  refuseBadSize(batch);
  refuseRepeatedIds(batch);
  return updateAll(services, viewer, batch, (index) => `memories.${index}`);
}

const ATTEMPTS = 3;

async function updateAll(
  services: Services,
  viewer: Viewer,
  batch: Batch<MemoryChange>,
  field: (index: number) => string,
): Promise<Outcome<Memory>[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcomes = await services.database.forViewer(viewer.id, async (sql) => {
        const keys = await services.dataKeys.of(sql, viewer.id);
        const rows = await lockMemoryRows(sql, viewer.id, batch.items.map(({ id }) => id).filter(isId));
        const current = new Map(rows.map((row) => [row.id, reveal(keys, row)]));
        const checked = batch.items.map((change, index) =>
          outcomeOf(() => changed(current, change, field(index))),
        );
        const outcomes = await refuseDuplicates(sql, viewer.id, checked);
        refuseFailures(batch, outcomes);
        await write(sql, keys, current, outcomes.filter(succeeded));
        return outcomes;
      });
      services.embeddings.nudge();
      return outcomes;
    } catch (error) {
      if (attempt === ATTEMPTS || !violatesUnique(error, 'memories_source')) throw error;
    }
  }
}

function changed(current: ReadonlyMap<string, Memory>, change: MemoryChange, field: string): Memory {
  const { id, expectedVersion, ...fields } = change;
  const memory = current.get(id.toLowerCase());
  if (!memory || memory.deletedAt) throw new MemoryNotFound(id);
  if (typeof expectedVersion === 'number' && expectedVersion !== memory.version) {
    throw new VersionConflict(id, memory.version);
  }
  const next = { ...memory, ...changedFields(memory, fields, field) };
  const rewritten = next.text !== memory.text;
  return {
    ...next,
    version: memory.version + 1,
    contentVersion: memory.contentVersion + (rewritten ? 1 : 0),
    modifiedAt: new Date(),
  };
}

async function refuseDuplicates(
  sql: Sql,
  ownerId: string,
  outcomes: readonly Outcome<Memory>[],
): Promise<Outcome<Memory>[]> {
  const taken = await findBySource(
    sql,
    ownerId,
    outcomes.filter(succeeded).filter((memory) => memory.sourceId !== null),
  );
  return outcomes.map((memory) => {
    if (!succeeded(memory)) return memory;
    const holder = taken.find(
      ({ id, source, sourceId }) =>
        id !== memory.id && source === memory.source && sourceId === memory.sourceId,
    );
    return holder ? new DuplicateSource(holder.id) : memory;
  });
}

async function write(
  sql: Sql,
  keys: AccountKeys,
  before: ReadonlyMap<string, Memory>,
  memories: readonly Memory[],
): Promise<void> {
  if (memories.length === 0) return;
  const rows = memories.map(({ text, ...memory }): MemoryRow => ({
    ...memory,
    sealed: sealText(keys.text, { ...memory, memoryId: memory.id }, text),
  }));
  const was = (memory: Memory | MemoryRow): Memory | undefined => before.get(memory.id);
  await updateMemoryRows(
    sql,
    rows,
    rows.filter((row) => row.contentVersion !== was(row)?.contentVersion),
  );
  const reindexed = memories.filter(
    (memory) =>
      memory.contentVersion !== was(memory)?.contentVersion || memory.language !== was(memory)?.language,
  );
  await Promise.all([
    reindexed.length > 0 ? reindexMemories(sql, keys, reindexed) : undefined,
    announce(
      sql,
      memories.map(({ ownerId, id }) => ({ ownerId, memoryId: id, kind: 'UPDATED' as const })),
    ),
  ]);
}
