import { randomUUID } from 'node:crypto';
import type { Viewer } from '../accounts/viewer.ts';
import { indexMemories } from '../search/index-memories.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { violatesUnique } from '../storage/errors.ts';
import { announce } from '../storage/events.ts';
import { sealText } from '../storage/sealed-text.ts';
import { succeeded, UserError, type Outcome } from '../user-error.ts';
import { only, outcomeOf, refuseBadSize, refuseFailures, type Batch } from './batch.ts';
import { DuplicateSource } from './errors.ts';
import { newFields, type GivenFields, type Memory, type MemoryFields } from './memory.ts';
import { findBySource, type MemoryRow } from './rows.ts';
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

/** Tries again when another request brought the same source between our look and our write. */
const ATTEMPTS = 3;

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
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcomes = await services.database.forViewer(viewer.id, async (sql) => {
        const keys = await services.dataKeys.of(sql, viewer.id);
        const outcomes = await refuseDuplicates(sql, viewer.id, checked);
        refuseFailures(batch, outcomes);
        await write(sql, keys, outcomes.filter(succeeded));
        return outcomes;
      });
      services.embeddings.nudge();
      return outcomes;
    } catch (error) {
      if (attempt === ATTEMPTS || !violatesUnique(error, 'memories_source')) throw error;
    }
  }
}

function toMemory(viewer: Viewer, fields: MemoryFields, now: Date): Memory {
  return {
    ...fields,
    id: randomUUID(),
    ownerId: viewer.id,
    version: 1,
    contentVersion: 1,
    createdAt: now,
    modifiedAt: now,
    deletedAt: null,
  };
}

async function refuseDuplicates(
  sql: Sql,
  ownerId: string,
  outcomes: readonly Outcome<Memory>[],
): Promise<Outcome<Memory>[]> {
  const sourced = outcomes.filter(succeeded).filter((memory) => memory.sourceId !== null);
  if (sourced.length === 0) return [...outcomes];
  const place = (memory: Pick<Memory, 'source' | 'sourceId'>): string =>
    JSON.stringify([memory.source, memory.sourceId]);
  const taken = new Map(
    (await findBySource(sql, ownerId, sourced)).map((memory) => [place(memory), memory.id]),
  );
  return outcomes.map((memory) => {
    if (memory instanceof UserError || memory.sourceId === null) return memory;
    const holder = taken.get(place(memory));
    taken.set(place(memory), holder ?? memory.id);
    return holder ? new DuplicateSource(holder) : memory;
  });
}

async function write(sql: Sql, keys: AccountKeys, memories: readonly Memory[]): Promise<void> {
  if (memories.length === 0) return;
  const rows = memories.map(({ text, ...memory }): MemoryRow => ({
    ...memory,
    sealed: sealText(keys.text, { ...memory, memoryId: memory.id }, text),
  }));
  await insertMemoryRows(sql, rows);
  await Promise.all([
    indexMemories(sql, keys, memories),
    announce(
      sql,
      memories.map(({ ownerId, id }) => ({ ownerId, memoryId: id, kind: 'SUBMITTED' as const })),
    ),
  ]);
}
