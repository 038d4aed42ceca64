import { isDeepStrictEqual } from 'node:util';
import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import { indexWords, reindexMemories } from '../index/index-memories.ts';
import type { Services } from '../services.ts';
import { NotPermitted } from '../sharing/errors.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { announce } from '../storage/events.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, refuseRepeatedIds, type Batch } from './batch.ts';
import { refuseDuplicates } from './duplicate-sources.ts';
import { MemoryNotFound, VersionConflict } from './errors.ts';
import { readMemories } from './find-memories.ts';
import { changedFields, type GivenFields, type Memory } from './memory.ts';
import { asWrittenBy } from './others-writing.ts';
import { conceal } from './reveal.ts';
import { lockForWriting } from './rows.ts';
import { afterRaces } from './source-race.ts';
import { lockRoom } from './usage-rows.ts';
import { countedWhereFull, sealedBytes, withinQuota } from './within-quota.ts';
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

/** What an update finds: the memories that the viewer may see, and which of others' they may write. */
interface Found {
  memories: ReadonlyMap<string, Memory>;
  writable: ReadonlySet<string>;
}

async function updateAll(
  services: Services,
  viewer: Viewer,
  batch: Batch<MemoryChange>,
  field: (index: number) => string,
): Promise<Outcome<Memory>[]> {
  const update = (counted: boolean): Promise<Outcome<Memory>[]> =>
    services.database.forViewer(viewer.id, async (sql) => {
      const room = counted ? await lockRoom(sql) : null;
      const ids = batch.items.map(({ id }) => id).filter(isId);
      const writable = await lockForWriting(sql, ids);
      const found = { memories: await readMemories(services, sql, viewer.id, ids, 'CHANGE'), writable };
      const checked = batch.items.map((change, index) =>
        outcomeOf(() => changed(viewer.id, found, change, field(index))),
      );
      const unique = await refuseDuplicates(sql, viewer.id, checked);
      // What is written in a memory of somebody else takes room of its owner's.
      const rewritten = ({ id, ownerId, contentVersion }: Memory) =>
        ownerId === viewer.id && contentVersion !== found.memories.get(id)?.contentVersion;
      const outcomes = room
        ? withinQuota(room, unique, (memory) => ({
            memories: 0,
            bytes: rewritten(memory) ? sealedBytes(memory.text) : 0,
          }))
        : unique;
      refuseFailures(batch, outcomes);
      const differing = outcomes
        .filter(succeeded)
        .filter((memory) => memory !== found.memories.get(memory.id));
      for (const ownerId of new Set(differing.map((memory) => memory.ownerId))) {
        const keys = await services.dataKeys.of(sql, ownerId);
        const theirs = differing.filter((memory) => memory.ownerId === ownerId);
        await write(sql, keys, found.memories, theirs);
      }
      return outcomes;
    });
  const outcomes = await countedWhereFull((counted) => afterRaces(() => update(counted)));
  services.embeddings.nudge();
  return outcomes;
}

/** The memory itself where nothing differs: asked a second time, a change is none. */
function changed(viewerId: string, found: Found, change: MemoryChange, field: string): Memory {
  const { id, expectedVersion, ...fields } = change;
  const memory = found.memories.get(id.toLowerCase());
  if (!memory || memory.deletedAt) throw new MemoryNotFound(id);
  if (memory.ownerId !== viewerId && !found.writable.has(memory.id)) {
    throw new NotPermitted(memory.id, 'not change it');
  }
  if (typeof expectedVersion === 'number' && expectedVersion !== memory.version) {
    throw new VersionConflict(id, memory.version);
  }
  const next = { ...memory, ...changedFields(memory, fields, field) };
  if (isDeepStrictEqual(next, memory)) return memory;
  const rewritten = next.text !== memory.text;
  return {
    ...asWrittenBy(viewerId, memory, next),
    version: memory.version + 1,
    contentVersion: memory.contentVersion + (rewritten ? 1 : 0),
    modifiedAt: new Date(),
  };
}

/** Memories of one owner. */
async function write(
  sql: Sql,
  keys: AccountKeys,
  before: ReadonlyMap<string, Memory>,
  memories: readonly Memory[],
): Promise<void> {
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
