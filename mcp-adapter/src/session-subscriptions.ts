import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { UpdatesEntry } from './manifest.ts';
import { type FollowUpdates, subscribedTo } from './resource-updates.ts';
import { type Caller, insufficientScope } from './run-operation.ts';
import { missingScopes } from './scopes.ts';

export interface SessionSubscriptions {
  follow: FollowUpdates;
  scopes: UpdatesEntry['scopes'];
  callerOf: (context: ServerContext) => Caller;
  /** Whether the session's latest token is still good. */
  stillValid: () => Promise<boolean>;
  onError: (error: Error) => void;
}

/** One session needs no more: a host shows what it subscribes to. */
const MAX_URIS = 1_000;

/** Serves `resources/subscribe` and `resources/unsubscribe` on a 2025-11-25 session, until it closes. */
export function serveSubscriptions(server: McpServer, options: SessionSubscriptions): void {
  const { follow, scopes, callerOf, stillValid, onError } = options;
  const uris = new Set<string>();
  let following: AbortController | undefined;
  const stop = () => {
    following?.abort();
    following = undefined;
  };
  const tell = async (caller: Caller, latest: () => Caller, signal: AbortSignal): Promise<void> => {
    for await (const changed of follow(caller, signal)) {
      if (signal.aborted || !(await stillValid())) break;
      for (const uri of subscribedTo(uris, changed)) await server.server.sendResourceUpdated({ uri });
    }
    if (signal.aborted) return;
    // The token with which it was begun is over, but the host may have a newer one by now.
    const next = latest();
    if (next.principal !== caller.principal && (await stillValid())) return tell(next, latest, signal);
    // A session whose token is over may subscribe again with a new one.
    stop();
  };

  server.server.registerCapabilities({ resources: { subscribe: true } });
  server.server.setRequestHandler('resources/subscribe', ({ params }, context) => {
    const caller = callerOf(context);
    const missing = missingScopes(scopes, caller.principal.scopes);
    if (missing.length > 0) {
      const { code, message, wayOn } = insufficientScope(missing);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `${code}: ${message} ${wayOn}`);
    }
    if (uris.size >= MAX_URIS)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `A session subscribes to ${MAX_URIS} at most.`,
      );
    uris.add(params.uri);
    if (!following) {
      following = new AbortController();
      tell(caller, () => callerOf(context), following.signal).catch((error: unknown) => {
        stop();
        onError(error instanceof Error ? error : new Error('The subscription broke.'));
      });
    }
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    uris.delete(params.uri);
    if (uris.size === 0) stop();
    return {};
  });
  const closed = server.server.onclose;
  server.server.onclose = () => {
    stop();
    closed?.();
  };
}
