import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { openSignIn } from './accounts/sign-in.ts';
import type { Config } from './config.ts';
import { openEmbeddingModel } from './models/embed.ts';
import type { EmbeddingModel } from './models/embedding-model.ts';
import type { EmbeddingSettings } from './models/embedding-settings.ts';
import { Embeddings } from './index/embeddings.ts';
import { ReadLog } from './reads/read-log.ts';
import type { Services } from './services.ts';
import { DataKeys } from './storage/data-keys.ts';
import { openDatabase } from './storage/database.ts';
import { Events } from './storage/events.ts';
import { lockFolder } from './storage/folder-lock.ts';
import { openMasterKeys } from './storage/master-keys.ts';
import { migrate } from './storage/migrate.ts';

export interface OpenServices extends Services {
  /** Migrations that this start applied. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
}

/** Opens everything that the use cases need; what was opened is closed again if a later part fails. */
export async function openServices(
  config: Config,
  logger: Logger = createLogger(config),
  /** Without the model, what is written is embedded by whoever opens it next, and search is by words alone. */
  { model = true }: { model?: boolean } = {},
): Promise<OpenServices> {
  const closing: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const notice = (message: string): void => logger.warn(message);
  try {
    await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
    if (!config.databaseUrl) {
      const lock = lockFolder(config.dataFolder);
      closing.push(() => lock.release());
    }
    const database = await openDatabase(
      config.databaseUrl
        ? { url: config.databaseUrl, connections: config.databaseConnections }
        : { folder: join(config.dataFolder, 'database') },
    );
    closing.push(() => database.close());
    const migrated = await migrate(database);
    const inUse = await database.forJobs((sql) => DataKeys.exist(sql));
    const dataKeys = new DataKeys(await openMasterKeys(config.masterKeys, config.dataFolder, notice, !inUse));
    await dataKeys.ofServer(database);
    const events = await Events.open(database);
    const signIn = await openSignIn(database, dataKeys, config.registration);
    const reads = new ReadLog({ database, logger });
    closing.push(() => reads.close());
    const base = { database, dataKeys, events, signIn, reads, logger };
    const settings = embeddingSettings(config, notice);
    const embeddings = model
      ? await Embeddings.open(base, await openEmbeddingModel(settings), (key) => openFormer(settings, key))
      : await Embeddings.open(base, null);
    closing.push(() => embeddings.close());
    return { ...base, embeddings, migrated, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export function createLogger(config: Config): Logger {
  return pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
}

/** Compatible servers without keys want the header all the same. */
const NO_API_KEY = 'none';

export function embeddingSettings(config: Config, onNotice: (message: string) => void): EmbeddingSettings {
  const { provider, cacheFolder, localFolder, apiKey, baseUrl, model, dimensions } = config.embedding;
  return {
    provider,
    cacheFolder,
    localFolder,
    openai: { apiKey: apiKey ?? NO_API_KEY, baseUrl, model, dimensions },
    onNotice,
  };
}

/** The model that was active under other settings, so that search goes on while the new one is built. */
async function openFormer(settings: EmbeddingSettings, key: string): Promise<EmbeddingModel | null> {
  for (const former of formerSettings(settings, key)) {
    const model = await openEmbeddingModel(former).catch(() => null);
    if (model?.key === key) return model;
    await model?.close();
  }
  return null;
}

/** Under which settings a key could have been made: a remote one names its model and dimensions (`model/dims@host`). */
function formerSettings(settings: EmbeddingSettings, key: string): EmbeddingSettings[] {
  // Whoever wants no model wants none to answer either.
  if (settings.provider === 'none') return [];
  const [, model, dimensions] = /^(.+)\/(\d+)@/.exec(key) ?? [];
  if (!model) return settings.provider === 'local' ? [] : [{ ...settings, provider: 'local' }];
  if (!settings.openai || settings.openai.apiKey === NO_API_KEY) return [];
  return [
    {
      ...settings,
      provider: 'openai',
      openai: { ...settings.openai, model, dimensions: Number(dimensions) },
    },
  ];
}
