import manifest from '../../package.json' with { type: 'json' };
import type { Viewer } from '../accounts/viewer.ts';
import type { Services } from '../services.ts';
import { asAdministrator } from './as-administrator.ts';
import {
  countAll,
  countWrappedBefore,
  readDatabaseState,
  readEmbeddingState,
  type Counts,
  type DatabaseState,
  type EmbeddingState,
} from './overview-rows.ts';

export interface Overview {
  version: string;
  nodeVersion: string;
  /** Of the instance that answers. */
  startedAt: Date;
  counts: Counts;
  database: DatabaseState & { kind: 'embedded' | 'postgres' };
  embedding: EmbeddingState & { active: string | null };
  masterKeyVersion: number;
  /** Accounts whose data key an older master key still wraps. */
  keysToRewrap: number;
}

/** How the server stands. @throws {NotAdministrator} */
export async function readOverview(services: Services, viewer: Viewer): Promise<Overview> {
  const { database, embeddings, dataKeys } = services;
  const masterKeyVersion = dataKeys.masterKeys.current;
  return asAdministrator(services, viewer, async (sql) => ({
    version: manifest.version,
    nodeVersion: process.version,
    startedAt: new Date(Date.now() - process.uptime() * 1_000),
    counts: await countAll(sql),
    database: { kind: database.kind, ...(await readDatabaseState(sql)) },
    embedding: { active: embeddings.activeModel, ...(await readEmbeddingState(sql)) },
    masterKeyVersion,
    keysToRewrap: await countWrappedBefore(sql, masterKeyVersion),
  }));
}
