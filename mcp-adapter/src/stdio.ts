import {
  type ServeStdioOptions,
  type StdioServerHandle,
  serveStdio,
} from '@modelcontextprotocol/server/stdio';
import type { AdapterLogger, Executor, Principal } from './executor.ts';
import { type Manifest, loadManifest } from './manifest.ts';
import { callerFor, compileServer } from './mcp-server.ts';
import { createStateSeal } from './request-state.ts';
import { compileUpdates } from './resource-updates.ts';
import { serveSubscriptions } from './session-subscriptions.ts';
import { createStdioUpdates } from './stdio-updates.ts';

export interface StdioOptions {
  executor: Executor;
  /** Whom this process acts for: verified once, from PICARD_TOKEN. */
  principal: Principal;
  logger: AdapterLogger;
  manifest?: Manifest;
  version?: string;
  /** Defaults to this process's stdin and stdout; logs must go to stderr. */
  transport?: NonNullable<ServeStdioOptions['transport']>;
}

/** Serves the same surface over stdin and stdout, in both protocol eras, until the host closes stdin. */
export function startStdio(options: StdioOptions): StdioServerHandle {
  const { executor, principal, logger } = options;
  const manifest = options.manifest ?? loadManifest();
  const onError = (error: Error) => logger.error({ error: error.name }, 'mcp stdio error');
  const makeServer = compileServer({
    manifest,
    executor,
    logger,
    version: options.version ?? '0.0.0',
    seal: createStateSeal(),
  });
  const caller = callerFor(principal, executor, logger);
  const follow = compileUpdates(manifest.updates, executor);
  const updates = follow && createStdioUpdates({ follow, caller, transport: options.transport, onError });
  const transport = updates?.transport ?? options.transport;
  return serveStdio(
    (context) => {
      const server = makeServer(context, () => principal);
      if (!updates) return server;
      if (context.era === 'legacy') {
        // The token was verified as the process began; what it may not do, the API refuses.
        const stillValid = () => Promise.resolve(true);
        const scopes = manifest.updates?.scopes ?? [];
        serveSubscriptions(server, { follow, scopes, callerOf: () => caller, stillValid, onError });
      } else {
        server.server.registerCapabilities({ resources: { subscribe: true } });
        updates.use(server);
      }
      return server;
    },
    { onerror: onError, ...(transport ? { transport } : {}) },
  );
}
