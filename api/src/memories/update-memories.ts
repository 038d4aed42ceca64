import { isDeepStrictEqual } from 'node:util';
import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { indexWords, reindexMemories } from '../index/index-memories.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { announce } from '../storage/events.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, refuseRepeatedIds, type Batch } from './batch.ts';
import { refuseDuplicates } from './duplicate-sources.ts';
import { MemoryNotFound, VersionConflict } from './errors.ts';
import { changedFields, type GivenFields, type Memory } from './memory.ts';
import { conceal, reveal } from './reveal.ts';
import { lockMemoryRows } from './rows.ts';
import { afterRaces } from './source-race.ts';
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

async function updateAll(
  services: Services,
  viewer: Viewer,
  batch: Batch<MemoryChange>,
  field: (index: number) => string,
): Promise<Outcome<Memory>[]> {
  const outcomes = await afterRaces(() =>
    services.database.forViewer(viewer.id, async (sql) => {
      const keys = await services.dataKeys.of(sql, viewer.id);
      const rows = await lockMemoryRows(sql, viewer.id, batch.items.map(({ id }) => id).filter(isId));
      const current = new Map(rows.map((row) => [row.id, reveal(keys, row)]));
      const checked = batch.items.map((change, index) =>
        outcomeOf(() => changed(current, change, field(index))),
      );
      const outcomes = await refuseDuplicates(sql, viewer.id, checked);
      refuseFailures(batch, outcomes);
      const differing = outcomes.filter(succeeded).filter((memory) => memory !== current.get(memory.id));
      await write(sql, keys, current, differing);
      return outcomes;
    }),
  );
  services.embeddings.nudge();
  return outcomes;
}

/** The memory itself where nothing differs: asked a second time, a change is none. */
function changed(current: ReadonlyMap<string, Memory>, change: MemoryChange, field: string): Memory {
  const { id, expectedVersion, ...fields } = change;
  const memory = current.get(id.toLowerCase());
  if (!memory || memory.deletedAt) throw new MemoryNotFound(id);
  if (typeof expectedVersion === 'number' && expectedVersion !== memory.version) {
    throw new VersionConflict(id, memory.version);
  }
  const next = { ...memory, ...changedFields(memory, fields, field) };
  if (isDeepStrictEqual(next, memory)) return memory;
  const rewritten = next.text !== memory.text;
  return {
    ...next,
    version: memory.version + 1,
    contentVersion: memory.contentVersion + (rewritten ? 1 : 0),
    modifiedAt: new Date(),
  };
}

async function write(
  sql: Sql,
  keys: AccountKeys,
  before: ReadonlyMap<string, Memory>,
  memories: readonly Memory[],
): Promise<void> {
  if (memories.length === 0) return;
  const differs = (memory: Memory, field: 'contentVersion' | 'language' | 'thread'): boolean =>
    memory[field] !== before.get(memory.id)?.[field];
  const rewritten = memories.filter((memory) => differs(memory, 'contentVersion'));
  // The word index knows the thread and goes by the language; the vectors come of the text alone.
  const reworded = memories.filter(
    (memory) => !rewritten.includes(memory) && (differs(memory, 'language') || differs(memory, 'thread')),
  );
  await updateMemoryRows(
    sql,
    memories,
    rewritten.map((memory) => conceal(keys, memory)),
  );
  await Promise.all([
    rewritten.length > 0 ? reindexMemories(sql, keys, rewritten) : undefined,
    reworded.length > 0 ? indexWords(sql, keys, reworded) : undefined,
    announce(
      sql,
      memories.map(({ ownerId, id }) => ({ ownerId, memoryId: id, kind: 'UPDATED' as const })),
    ),
  ]);
}
