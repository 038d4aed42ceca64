import { isDeepStrictEqual } from 'node:util';
import { NotPermitted } from '../sharing/errors.ts';
import type { Sql } from '../storage/database.ts';
import type { UserError } from '../user-error.ts';
import { MemoryNotFound, OwnerOnly } from './errors.ts';
import type { Memory } from './memory.ts';
import { listSharedIds } from './rows.ts';

/** What the levels WRITE and SHARE change; all else is the owner's: what grants go by, and what hides a memory. */
const othersFields: ReadonlySet<string> = new Set(['text', 'language', 'occurredAt', 'trust', 'ownTrust']);

/** A memory that was changed, as whoever changed it leaves it. @throws {OwnerOnly} */
export function asWrittenBy(viewerId: string, memory: Memory, next: Memory): Memory {
  if (memory.ownerId === viewerId) return { ...next, writtenBy: null };
  const fields = (Object.keys(next) as (keyof Memory)[]).filter(
    (name) => !othersFields.has(name) && !isDeepStrictEqual(next[name], memory[name]),
  );
  if (fields.length > 0) throw new OwnerOnly(memory.id, fields);
  return { ...next, trust: 'OTHER_PERSON', ownTrust: null, writtenBy: viewerId };
}

/** Why the viewer cannot do what is the owner's alone, for ids that name none of their own memories. */
export async function refusalsOfOthers(
  sql: Sql,
  viewerId: string,
  ids: readonly string[],
): Promise<(id: string) => UserError> {
  const shared = ids.length > 0 ? await listSharedIds(sql, viewerId, ids) : new Set();
  return (id) =>
    shared.has(id.toLowerCase()) ? new NotPermitted(id, 'this is its owner’s to do') : new MemoryNotFound(id);
}
