import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { AudienceEvent, MemoryEvent } from '../storage/events.ts';
import { listSharedIds } from './rows.ts';

export interface MemoryChange {
  kind: MemoryEvent['kind'] | AudienceEvent['kind'];
  /** Null with MANY. */
  memoryId: string | null;
  /** Null with MANY, where they are of several owners. */
  ownerId: string | null;
}

/**
 * What happens to the memories that the viewer may see, from when it answers, in any process. A credential that was
 * revoked hears no more, though its stream is still open; one of a suspended account is ended. That a share reaches its end
 * date is told by nobody.
 */
export async function followMemories(
  services: Services,
  viewer: Viewer,
  stillValid: () => Promise<boolean>,
  given?: AbortSignal,
): Promise<AsyncGenerator<MemoryChange>> {
  const stop = new AbortController();
  const ended = services.signIn.ended.signal(viewer.id);
  const signal = AbortSignal.any([ended, stop.signal, ...(given ? [given] : [])]);
  // Followed from this call on, not from the first read of the answer.
  const events = services.events.follow(viewer.id, signal);
  try {
    await services.events.known(viewer.id);
  } catch (error) {
    stop.abort();
    throw error;
  }
  return changes(services, viewer, events, stillValid);
}

async function* changes(
  services: Services,
  viewer: Viewer,
  events: AsyncGenerator<MemoryEvent | AudienceEvent>,
  stillValid: () => Promise<boolean>,
): AsyncGenerator<MemoryChange> {
  for await (const event of events) {
    if (!(await stillValid())) return;
    if ('memoryId' in event) yield event;
    else yield* await changesFor(services, viewer, event);
  }
}

/** What an audience is told, as one who is in it may know it: by another way they may see a memory still, or no longer. */
async function changesFor(
  { database }: Pick<Services, 'database'>,
  viewer: Viewer,
  { kind, ownerId, memoryIds }: AudienceEvent,
): Promise<MemoryChange[]> {
  // An owner hears of their own what they always did, whichever audiences they are in.
  if (ownerId === viewer.id) return [];
  if (kind === 'MANY') return [{ kind, ownerId, memoryId: null }];
  const shared = await database.forViewer(viewer.id, (sql) => listSharedIds(sql, viewer.id, memoryIds));
  return memoryIds
    .filter((memoryId) => shared.has(memoryId) === (kind !== 'UNSHARED'))
    .map((memoryId) => ({ kind, ownerId, memoryId }));
}
