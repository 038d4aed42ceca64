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
import { newFields, type GivenFields, type Memory, type MemoryFields } from './memory.ts';
import { conceal } from './reveal.ts';
import { afterRaces } from './source-race.ts';
import { lockRoom } from './usage-rows.ts';
import { countedWhereFull, sealedBytes, withinQuota } from './within-quota.ts';
import { insertMemoryRows } from './write-rows.ts';

export type NewMemory = GivenFields & { text: string };

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
  const checked = batch.items.map((item, index) =>
    outcomeOf(() => toMemory(viewer, newFields(item, field(index)), now)),
  );
  const submit = (counted: boolean): Promise<Outcome<Memory>[]> =>
    services.database.forViewer(viewer.id, async (sql) => {
      const room = counted ? await lockRoom(sql) : null;
      const keys = await services.dataKeys.of(sql, viewer.id);
      const fresh = await refuseDuplicates(sql, viewer.id, checked);
      const outcomes = room
        ? withinQuota(room, fresh, ({ text }) => ({ memories: 1, bytes: sealedBytes(text) }))
        : fresh;
      refuseFailures(batch, outcomes);
      await write(sql, keys, outcomes.filter(succeeded));
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
