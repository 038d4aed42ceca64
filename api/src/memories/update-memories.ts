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
import { MemoryNotFound, OwnerOnly, VersionConflict } from './errors.ts';
import { readMemories } from './find-memories.ts';
import { Lineage, MAX_SOURCES, sourcesGiven } from './lineage.ts';
import { changedFields, type GivenFields, type Memory, type Trust } from './memory.ts';
import { asWrittenBy } from './others-writing.ts';
import { conceal } from './reveal.ts';
import { lockForWriting } from './rows.ts';
import { afterRaces } from './source-race.ts';
import { lockLineage } from './source-rows.ts';
import { trustAfter, trustOfWriter } from './trust.ts';
import { lockRoom } from './usage-rows.ts';
import { countedWhereFull, sealedBytes, withinQuota } from './within-quota.ts';
import { updateMemoryRows } from './write-rows.ts';

/** Absent fields stay as they are; null empties those that may be empty. */
export type MemoryChange = GivenFields & {
  id: string;
  expectedVersion?: number | null;
  derivedFrom?: readonly string[] | null;
  /** What an earlier version was that is written again. */
  restored?: Trust;
};

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

/** What an update finds: the memories that the viewer may see, which of others' they may write, what they were made of. */
interface Found {
  memories: ReadonlyMap<string, Memory>;
  writable: ReadonlySet<string>;
  lineage: Lineage;
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
      const sources = batch.items.flatMap(({ derivedFrom }) => derivedFrom?.slice(0, MAX_SOURCES) ?? []);
      const deriving = batch.items.some(({ derivedFrom }) => derivedFrom !== undefined);
      await lockLineage(sql, ids, deriving);
      const found: Found = {
        writable: await lockForWriting(sql, ids),
        lineage: await Lineage.read(sql, viewer.id, ids, sources),
        memories: await readMemories(services, sql, viewer.id, ids, 'CHANGE'),
      };
      const checked = batch.items.map((change, index) =>
        outcomeOf(() => changed(viewer, found, change, field(index))),
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
        // Before the memories: what these lower is then made of them already.
        await found.lineage.write(
          sql,
          theirs.map(({ id }) => id),
        );
        await write(sql, keys, found.memories, theirs);
      }
      return outcomes;
    });
  const outcomes = await countedWhereFull((counted) => afterRaces(() => update(counted)));
  services.embeddings.nudge();
  return outcomes;
}

/** The memory itself where nothing differs: asked a second time, a change is none. */
function changed(
  viewer: Viewer,
  { memories, writable, lineage }: Found,
  change: MemoryChange,
  field: string,
): Memory {
  const { id, expectedVersion, trust, derivedFrom, restored, ...fields } = change;
  const memory = memories.get(id.toLowerCase());
  if (!memory || memory.deletedAt) throw new MemoryNotFound(id);
  if (memory.ownerId !== viewer.id && !writable.has(memory.id)) {
    throw new NotPermitted(memory.id, 'not change it');
  }
  if (typeof expectedVersion === 'number' && expectedVersion !== memory.version) {
    throw new VersionConflict(id, memory.version);
  }
  const writer = trustOfWriter(viewer, trust, field);
  const given = sourcesGiven(derivedFrom, memory.id, field);
  const sources = given && lineage.differs(memory.id, given) ? given : null;
  const next = { ...memory, ...changedFields(memory, fields, field) };
  if (isDeepStrictEqual(next, memory) && !sources) return memory;
  if (sources && memory.ownerId !== viewer.id) throw new OwnerOnly(memory.id, ['derivedFrom']);
  const rewritten = next.text !== memory.text;
  // Who may see a memory says nothing in it.
  const unsaid = !sources && isDeepStrictEqual({ ...next, visibility: memory.visibility }, memory);
  const before = { ...memory, sources: lineage.trustsOf(memory.id) };
  const named = sources && lineage.replace(memory.id, sources);
  const trusted = unsaid
    ? {}
    : trustAfter(before, { writer, rewritten, restored: restored ?? null, sources: named });
  return {
    ...asWrittenBy(viewer.id, memory, { ...next, ...trusted }),
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
