import {
  type ServeStdioOptions,
  type StdioServerHandle,
  serveStdio,
} from '@modelcontextprotocol/server/stdio';
import type { AdapterLogger, Executor, Principal } from './executor.ts';
import { type Manifest, loadManifest } from './manifest.ts';
import { compileServer } from './mcp-server.ts';

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
  const { executor, principal, logger, transport } = options;
  const makeServer = compileServer({
    manifest: options.manifest ?? loadManifest(),
    executor,
    logger,
    version: options.version ?? '0.0.0',
  });
  return serveStdio((context) => makeServer(context, () => principal), {
    onerror: (error) => logger.error({ error: error.name }, 'mcp stdio error'),
    ...(transport ? { transport } : {}),
  });
}
