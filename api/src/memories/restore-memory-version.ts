import type { Viewer } from '../accounts/viewer.ts';
import { isId } from '../id.ts';
import type { Services } from '../services.ts';
import { MemoryNotFound } from './errors.ts';
import { memoryVersions } from './memory-versions.ts';
import type { Memory } from './memory.ts';
import { updateMemory } from './update-memories.ts';

export interface Restoration {
  id: string;
  version: number;
  expectedVersion?: number | null;
}

/** Writes an earlier version again as the newest one; nothing of the history is lost. */
export async function restoreMemoryVersion(
  services: Services,
  viewer: Viewer,
  { id, version, expectedVersion }: Restoration,
): Promise<Memory> {
  if (!isId(id)) throw new MemoryNotFound(id);
  const [then] = await memoryVersions(services, viewer, id, version + 1, 1);
  if (then?.version !== version) throw new MemoryNotFound(id);
  const { text, kind, tags, source, sourceId, thread, position, language, occurredAt } = then;
  // An expiry that has passed since would be refused, and is no part of what the person wrote.
  const expiresAt = then.expiresAt && then.expiresAt > new Date() ? then.expiresAt : null;
  // What an earlier version was is no more by being written again.
  return updateMemory(services, viewer, {
    ...{ id, expectedVersion: expectedVersion ?? null },
    ...{ text, kind, tags, source, sourceId, thread, position, language, occurredAt, expiresAt },
    restored: then.trust,
  });
}
