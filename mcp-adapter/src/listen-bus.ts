import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerEventBus } from '@modelcontextprotocol/server';
import { type FollowUpdates, subscribedTo } from './resource-updates.ts';
import type { Caller } from './run-operation.ts';

/** Whose stream is being opened, and for what. */
export interface Listening {
  caller: Caller;
  uris: readonly string[];
  stillValid: () => Promise<boolean>;
  /** Ends the stream. */
  end: () => void;
}

export interface ListenBus {
  bus: ServerEventBus;
  /** Runs what opens a stream as its listener's. */
  listen<T>(listening: Listening, open: () => T): T;
}

/**
 * The seam of `subscriptions/listen` (MCP 2026-07-28). The SDK shares one bus among all streams and knows no
 * principal; here each stream follows its own caller's changes and hears nobody else's.
 */
export function createListenBus(follow: FollowUpdates, onError: (error: Error) => void): ListenBus {
  const opening = new AsyncLocalStorage<Listening>();
  return {
    listen: (listening, open) => opening.run(listening, open),
    bus: {
      // Changes come from the API alone.
      publish: () => undefined,
      subscribe(hear) {
        const listening = opening.getStore();
        if (!listening || listening.uris.length === 0) return () => undefined;
        const { caller, uris, stillValid, end } = listening;
        const following = new AbortController();
        const tell = async () => {
          for await (const changed of follow(caller, following.signal)) {
            if (following.signal.aborted) return;
            if (!(await stillValid())) break;
            for (const uri of subscribedTo(uris, changed)) hear({ kind: 'resource_updated', uri });
          }
          if (!following.signal.aborted) end();
        };
        tell().catch((error: unknown) => {
          onError(error instanceof Error ? error : new Error('The subscription broke.'));
          end();
        });
        return () => following.abort();
      },
    },
  };
}
