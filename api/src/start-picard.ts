import type { Logger } from 'pino';
import { ensureFirstAccount } from './accounts/first-account.ts';
import { keepCheckpoints } from './audit/keep-checkpoints.ts';
import type { Config } from './config.ts';
import { startHttp, type HttpOptions, type HttpServer } from './http/server.ts';
import { keepAudienceWords } from './index/keep-audience-words.ts';
import { keepStatistics } from './index/keep-statistics.ts';
import { emptyTrash } from './memories/empty-trash.ts';
import { keepUsage } from './memories/keep-usage.ts';
import { sweepOauth } from './oauth/sweep-oauth.ts';
import { purgeReads } from './reads/purge-reads.ts';
import { openServices, type OpenServices } from './open-services.ts';
import { keepPlannerStatistics } from './storage/planner-statistics.ts';
import { forgetServer, rememberServer } from './running-server.ts';

export interface Picard {
  readonly config: Config;
  readonly services: OpenServices;
  readonly http: HttpServer;
  /** The administrator's API key, if `<data>/first-key` is still there. */
  readonly firstKey: string | null;
  close(): Promise<void>;
}

/** API, MCP adapter and background jobs in one process. */
export async function startPicard(
  config: Config,
  logger: Logger,
  parts: Pick<HttpOptions, 'fetchDocument'> = {},
): Promise<Picard> {
  const services = await openServices(config, logger);
  const stop = new AbortController();
  try {
    const firstKey = await ensureFirstAccount(services, config.dataFolder);
    const http = await startHttp(services, { ...config, ...parts });
    await services.embeddings.start();
    emptyTrash(services, stop.signal);
    purgeReads(services, stop.signal);
    sweepOauth(services, stop.signal);
    const upkeep = Promise.all([
      keepPlannerStatistics(services.database, logger, stop.signal),
      keepStatistics(services, stop.signal),
      keepAudienceWords(services, stop.signal),
      keepCheckpoints(services, stop.signal),
      keepUsage(services, stop.signal),
    ]);
    await rememberServer(config.dataFolder, http);
    return {
      config,
      services,
      http,
      firstKey,
      async close() {
        stop.abort();
        await upkeep;
        await forgetServer(config.dataFolder, http.url);
        await http.close();
        await services.close();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}
