import { randomUUID } from 'node:crypto';
import type { Viewer } from '../accounts/viewer.ts';
import { indexMemories } from '../index/index-memories.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { announce } from '../storage/events.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, type Batch } from './batch.ts';
import { refuseDuplicates } from './duplicate-sources.ts';
import { Lineage, sourcesGiven } from './lineage.ts';
import { newFields, type GivenFields, type Memory, type MemoryFields } from './memory.ts';
import { conceal } from './reveal.ts';
import { lockLineage } from './source-rows.ts';
import { afterRaces } from './source-race.ts';
import { trustOfWriter, withSources } from './trust.ts';
import { lockRoom } from './usage-rows.ts';
import { countedWhereFull, sealedBytes, withinQuota } from './within-quota.ts';
import { insertMemoryRows } from './write-rows.ts';

export type NewMemory = GivenFields & { text: string; derivedFrom?: readonly string[] | null };

export async function submitMemory(services: Services, viewer: Viewer, input: NewMemory): Promise<Memory> {
  return only(await submitAll(services, viewer, { items: [input], atomic: false }, () => 'input'));
}

/** Each item's memory or why it was refused, in order. @throws {BatchRefused} */
export async function submitMemories(
  services: Services,
  viewer: Viewer,
  batch: Batch<NewMemory>,
): Promise<Outcome<Memory>[]> {
  refuseBadSize(batch);
  return submitAll(services, viewer, batch, (index) => `memories.${index}`);
}

async function submitAll(
  services: Services,
  viewer: Viewer,
  batch: Batch<NewMemory>,
  field: (index: number) => string,
): Promise<Outcome<Memory>[]> {
  const now = new Date();
  const sourcesOf = new Map<string, string[]>();
  const checked = batch.items.map(({ derivedFrom, ...item }, index) =>
    outcomeOf(() => {
      const trust = trustOfWriter(viewer, item.trust, field(index));
      const memory = toMemory(viewer, newFields({ ...item, trust }, field(index)), now);
      const sources = sourcesGiven(derivedFrom, null, field(index)) ?? [];
      if (sources.length > 0) sourcesOf.set(memory.id, sources);
      return memory;
    }),
  );
  const submit = (counted: boolean): Promise<Outcome<Memory>[]> =>
    services.database.forViewer(viewer.id, async (sql) => {
      const room = counted ? await lockRoom(sql) : null;
      const keys = await services.dataKeys.of(sql, viewer.id);
      if (sourcesOf.size > 0) await lockLineage(sql, [], true);
      const lineage = await Lineage.read(sql, viewer.id, [], [...sourcesOf.values()].flat());
      const derived = checked.map((memory) => {
        const sources = succeeded(memory) && sourcesOf.get(memory.id);
        if (!sources) return memory;
        return outcomeOf(() => ({
          ...memory,
          ...withSources(memory.trust, lineage.replace(memory.id, sources)),
        }));
      });
      const fresh = await refuseDuplicates(sql, viewer.id, derived);
      const outcomes = room
        ? withinQuota(room, fresh, ({ text }) => ({ memories: 1, bytes: sealedBytes(text) }))
        : fresh;
      refuseFailures(batch, outcomes);
      const memories = outcomes.filter(succeeded);
      await write(sql, keys, memories);
      await lineage.write(
        sql,
        memories.map(({ id }) => id),
      );
      return outcomes;
    });
  const outcomes = await countedWhereFull((counted) => afterRaces(() => submit(counted)));
  services.embeddings.nudge();
  return outcomes;
}

function toMemory(viewer: Viewer, fields: MemoryFields, now: Date): Memory {
  return {
    ...fields,
    id: randomUUID(),
    ownerId: viewer.id,
    writtenBy: null,
    ownTrust: null,
    version: 1,
    contentVersion: 1,
    createdAt: now,
    modifiedAt: now,
    deletedAt: null,
  };
}

async function write(sql: Sql, keys: AccountKeys, memories: readonly Memory[]): Promise<void> {
  if (memories.length === 0) return;
  await insertMemoryRows(
    sql,
    memories.map((memory) => conceal(keys, memory)),
  );
  await Promise.all([
    indexMemories(sql, keys, memories),
    announce(
      sql,
      memories.map(({ ownerId, id }) => ({ ownerId, memoryId: id, kind: 'SUBMITTED' as const })),
    ),
  ]);
}
