import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import type { MemoryEvent } from '../storage/events.ts';

export type MemoryChange = MemoryEvent;

/**
 * What happens to the viewer's memories from now on, in any process. A credential that was revoked hears no more,
 * though its stream is still open.
 */
export function followMemories(
  services: Services,
  viewer: Viewer,
  stillValid: () => Promise<boolean>,
  signal?: AbortSignal,
): AsyncGenerator<MemoryChange> {
  // Followed from this call on, not from the first read of the answer.
  return whileValid(services.events.follow(viewer.id, signal), stillValid);
}

async function* whileValid(
  events: AsyncGenerator<MemoryChange>,
  stillValid: () => Promise<boolean>,
): AsyncGenerator<MemoryChange> {
  for await (const event of events) {
    if (!(await stillValid())) return;
    yield event;
  }
}
