import type { Reads } from '../reads/read-log.ts';
import type { ReadWay } from '../reads/read.ts';
import type { Services } from '../services.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { sealText, unsealText } from '../storage/sealed-text.ts';
import type { Memory } from './memory.ts';
import type { MemoryRow } from './rows.ts';

/** What opens texts and notes that they were opened. */
export type Opening = Pick<Services, 'dataKeys' | 'reads'>;

/**
 * Stored memories of whichever owners. A text is opened with its owner's key, and the reading noted, when it is first
 * looked at: what nobody looked at nobody saw.
 */
export async function revealAll<Row extends MemoryRow>(
  { dataKeys, reads }: Opening,
  sql: Sql,
  rows: readonly Row[],
  way: ReadWay,
): Promise<(Memory & Omit<Row, 'sealed'>)[]> {
  const keysOf = await dataKeys.ofAll(
    sql,
    rows.map(({ ownerId }) => ownerId),
  );
  return rows.map(({ sealed, ...memory }) => {
    const { ownerId, id: memoryId, contentVersion } = memory;
    const text = { ownerId, memoryId, contentVersion, sealed };
    return withText(memory, reads, keysOf(ownerId), text, way);
  });
}

export interface StoredText {
  ownerId: string;
  memoryId: string;
  contentVersion: number;
  sealed: Buffer;
}

/** @param rest gets the text beside what it has; see `revealAll`. */
export function withText<Rest extends object>(
  rest: Rest,
  reads: Reads,
  keys: AccountKeys,
  { sealed, ...place }: StoredText,
  way: ReadWay,
): Rest & { text: string } {
  let text: string | undefined;
  const open = (): string => {
    const opened = unsealText(keys.text, place, sealed);
    reads.note({ ownerId: place.ownerId, id: place.memoryId }, way);
    return opened;
  };
  const get = (): string => (text ??= open());
  return Object.defineProperty(rest as Rest & { text: string }, 'text', { enumerable: true, get });
}

/** A memory as it is stored, its text sealed with its owner's key. */
export function conceal(keys: AccountKeys, { text, ...memory }: Memory): MemoryRow {
  return { ...memory, sealed: sealText(keys.text, { ...memory, memoryId: memory.id }, text) };
}
