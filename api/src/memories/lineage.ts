import { z } from 'zod';
import { isId } from '../id.ts';
import { checked, InvalidInput } from '../invalid-input.ts';
import type { Sql } from '../storage/database.ts';
import { MemoryNotFound } from './errors.ts';
import type { Trust } from './memory.ts';
import { listSourceRows, lockSourceRows, replaceSourceRows, type SourceRow } from './source-rows.ts';

/** What a memory can be made of at most. */
export const MAX_SOURCES = 32;

const sourceIds = z
  .array(z.string())
  .max(MAX_SOURCES, `must be at most ${MAX_SOURCES}; name those that it rests on most`)
  .transform((ids) => [...new Set(ids.map((id) => id.toLowerCase()))]);

/** Undefined where nothing is said of it. @throws {InvalidInput} */
export function sourcesGiven(
  given: readonly string[] | null | undefined,
  memoryId: string | null,
  field: string,
): string[] | undefined {
  if (given === undefined) return undefined;
  const ids = checked(`${field}.derivedFrom`, sourceIds, given ?? []);
  if (memoryId !== null && ids.includes(memoryId.toLowerCase()))
    throw new InvalidInput(`${field}.derivedFrom`, 'must not name the memory itself');
  return ids;
}

/** What memories were made of, and what can be named as a source, within one transaction. */
export class Lineage {
  readonly #ownerId: string;
  /** Of the sources that are named: what they are trusted by whoever owns what is made of them. */
  readonly #trusts: ReadonlyMap<string, Trust>;
  readonly #rows: ReadonlyMap<string, readonly SourceRow[]>;
  readonly #replaced = new Map<string, readonly SourceRow[]>();

  constructor(ownerId: string, trusts: ReadonlyMap<string, Trust>, rows: readonly SourceRow[]) {
    this.#ownerId = ownerId;
    this.#trusts = trusts;
    this.#rows = Map.groupBy(rows, ({ memoryId }) => memoryId);
  }

  /**
   * @param memoryIds those that are changed
   * @param named what is given as sources, of whichever memories
   */
  static async read(
    sql: Sql,
    ownerId: string,
    memoryIds: readonly string[],
    named: readonly string[],
  ): Promise<Lineage> {
    const ids = [...new Set(named)].filter(isId);
    const found = ids.length > 0 ? await lockSourceRows(sql, ownerId, ids) : [];
    const rows = memoryIds.length > 0 ? await listSourceRows(sql, memoryIds) : [];
    // PERSON is the owner of each memory: another's own words are not those of whoever uses them.
    const trusts = found.map(
      (source) => [source.id, source.ownerId === ownerId ? source.trust : 'OTHER_PERSON'] as const,
    );
    return new Lineage(ownerId, new Map(trusts), rows);
  }

  trustsOf(memoryId: string): Trust[] {
    return this.#rows.get(memoryId)?.map(({ trust }) => trust) ?? [];
  }

  /** Whether these are others than the memory was made of so far. */
  differs(memoryId: string, sourceIds: readonly string[]): boolean {
    const present = new Set(this.#rows.get(memoryId)?.map(({ sourceId }) => sourceId));
    return present.size !== new Set([...present, ...sourceIds]).size || present.size !== sourceIds.length;
  }

  /** Notes what `write` will store. @throws {MemoryNotFound} for a source that the viewer may not see. */
  replace(memoryId: string, sourceIds: readonly string[]): Trust[] {
    const rows = sourceIds.map((sourceId) => {
      const trust = this.#trusts.get(sourceId);
      if (!trust) throw new MemoryNotFound(sourceId);
      return { memoryId, sourceId, trust };
    });
    this.#replaced.set(memoryId, rows);
    return rows.map(({ trust }) => trust);
  }

  /** For those of the memories whose sources were replaced. */
  async write(sql: Sql, memoryIds: readonly string[]): Promise<void> {
    const ids = memoryIds.filter((id) => this.#replaced.has(id));
    await replaceSourceRows(
      sql,
      this.#ownerId,
      ids,
      ids.flatMap((id) => this.#replaced.get(id) ?? []),
    );
  }
}
