import type { Sql } from '../storage/database.ts';
import { succeeded, type Outcome } from '../user-error.ts';
import { DuplicateSource } from './errors.ts';
import type { Memory } from './memory.ts';
import { findBySource } from './rows.ts';

const place = ({ source, sourceId }: Pick<Memory, 'source' | 'sourceId'>): string =>
  JSON.stringify([source, sourceId]);

/** Refuses what takes the source and sourceId of another memory: one that is kept already, or one before it here. */
export async function refuseDuplicates(
  sql: Sql,
  ownerId: string,
  outcomes: readonly Outcome<Memory>[],
): Promise<Outcome<Memory>[]> {
  // Another's memory keeps the source it has.
  const isSourced = (memory: Memory): boolean => memory.sourceId !== null && memory.ownerId === ownerId;
  const sourced = outcomes.filter(succeeded).filter(isSourced);
  if (sourced.length === 0) return [...outcomes];
  const taken = new Map(
    (await findBySource(sql, ownerId, sourced)).map((memory) => [place(memory), memory.id]),
  );
  return outcomes.map((memory) => {
    if (!succeeded(memory) || !isSourced(memory)) return memory;
    const holder = taken.get(place(memory)) ?? memory.id;
    taken.set(place(memory), holder);
    return holder === memory.id ? memory : new DuplicateSource(holder);
  });
}
