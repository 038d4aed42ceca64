import type { McpServer, Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { isRecord } from './json-schema.ts';
import { type FollowUpdates, subscribedTo } from './resource-updates.ts';
import type { Caller } from './run-operation.ts';

export interface StdioUpdates {
  /** The transport to serve over: it hears what is subscribed to. */
  transport: Transport;
  /** The server of the connection, which is what tells. */
  use(server: McpServer): void;
}

export interface StdioUpdatesOptions {
  follow: FollowUpdates;
  caller: Caller;
  transport: Transport | undefined;
  onError: (error: Error) => void;
}

/**
 * Tells changes of resources over stdio on 2026-07-28. The SDK keeps the streams of `subscriptions/listen` to itself and
 * lets through what they asked for; what is followed for them begins with the first, and ends with the connection.
 */
export function createStdioUpdates({
  follow,
  caller,
  transport,
  onError,
}: StdioUpdatesOptions): StdioUpdates {
  const inner = transport ?? new StdioServerTransport();
  const uris = new Set<string>();
  const following = new AbortController();
  let begun = false;
  let server: McpServer | undefined;
  const tell = async () => {
    for await (const changed of follow(caller, following.signal)) {
      for (const uri of subscribedTo(uris, changed)) await server?.server.sendResourceUpdated({ uri });
    }
  };
  const hear = (message: unknown) => {
    for (const uri of listenedTo(message)) uris.add(uri);
    if (begun || uris.size === 0) return;
    begun = true;
    tell().catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error('The subscription broke.'));
    });
  };
  const outer: Transport = {
    start() {
      inner.onmessage = (message, extra) => {
        hear(message);
        outer.onmessage?.(message, extra);
      };
      inner.onerror = (error) => outer.onerror?.(error);
      inner.onclose = () => {
        following.abort();
        outer.onclose?.();
      };
      return inner.start();
    },
    send: (message, options) => inner.send(message, options),
    close() {
      following.abort();
      return inner.close();
    },
  };
  return {
    transport: outer,
    use(made) {
      server = made;
    },
  };
}

function listenedTo(message: unknown): string[] {
  if (!isRecord(message) || message['method'] !== 'subscriptions/listen') return [];
  const params = message['params'];
  const filter = isRecord(params) ? params['notifications'] : undefined;
  const uris = isRecord(filter) ? filter['resourceSubscriptions'] : undefined;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}
