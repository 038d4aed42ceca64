import { randomUUID, type KeyObject } from 'node:crypto';
import { createAccount } from '../../api/src/accounts/create-account.ts';
import { readConfig } from '../../api/src/config.ts';
import type { Visibility } from '../../api/src/memories/memory.ts';
import type { MemoryRow } from '../../api/src/memories/rows.ts';
import { insertMemoryRows } from '../../api/src/memories/write-rows.ts';
import { openServices, type OpenServices } from '../../api/src/open-services.ts';
import { listModels } from '../../api/src/index/model-rows.ts';
import { replaceEmbeddings } from '../../api/src/index/embedding-rows.ts';
import { indexWords } from '../../api/src/index/index-memories.ts';
import { sealText } from '../../api/src/storage/sealed-text.ts';
import { randomNumbers, randomUnitVector } from './random.ts';
import { text } from './texts.ts';

/** An account made by the seeder, and the API key that acts for it. */
export interface SeededAccount {
  readonly id: string;
  readonly key: string;
}

const rowsAtOnce = 500;
const turnsOfThread = 20;

/**
 * Writes memories past the API, as it would have written them but with invented vectors: a hundred thousand
 * would take the model hours. No server may be running on the same folder.
 */
export class Seeder {
  readonly services: OpenServices;
  readonly #random = randomNumbers(47);

  private constructor(services: OpenServices) {
    this.services = services;
  }

  static async open(data: string, databaseUrl: string | undefined): Promise<Seeder> {
    const services = await openServices(
      readConfig({
        PICARD_DATA: data,
        PICARD_EMBEDDING: 'none',
        PICARD_LOG_LEVEL: 'error',
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      }),
    );
    return new Seeder(services);
  }

  async account(handle: string): Promise<SeededAccount> {
    const { account, secret } = await createAccount(this.services, { handle });
    return { id: account.id, key: secret };
  }

  async memories(ownerId: string, count: number, visibility: Visibility = 'SHARED'): Promise<void> {
    for (let done = 0; done < count; done += rowsAtOnce)
      await this.#batch(ownerId, Math.min(rowsAtOnce, count - done), visibility);
  }

  async close(): Promise<void> {
    const { database } = this.services;
    // Autovacuum would do it within a minute, and until then plans and indexes of a bulk load are not those of daily life. The
    // embedded database has no autovacuum: what the server does about that there is part of what is measured.
    if (database.kind === 'postgres') await database.maintain('vacuum analyze');
    await this.services.close();
  }

  async #batch(ownerId: string, count: number, visibility: Visibility): Promise<void> {
    const { database, dataKeys } = this.services;
    const models = await database.forJobs((sql) => listModels(sql));
    const model = models.find(({ state }) => state === 'active');
    await database.forViewer(ownerId, async (sql) => {
      const keys = await dataKeys.of(sql, ownerId);
      const memories = this.#invent(ownerId, count, visibility, keys.text);
      await insertMemoryRows(sql, memories);
      await indexWords(sql, keys, memories);
      if (!model) return;
      const vectors = memories.map(({ id }) => ({
        ownerId,
        memoryId: id,
        modelId: model.id,
        chunk: 0,
        vector: randomUnitVector(model.dimensions, this.#random),
      }));
      await replaceEmbeddings(sql, vectors);
    });
  }

  #invent(
    ownerId: string,
    count: number,
    visibility: Visibility,
    key: KeyObject,
  ): (MemoryRow & { text: string })[] {
    const conversation = randomUUID();
    const now = new Date();
    return Array.from({ length: count }, (_, index) => {
      const id = randomUUID();
      const invented = text(this.#random);
      return {
        ownerId,
        id,
        text: invented,
        sealed: sealText(key, { ownerId, memoryId: id, contentVersion: 1 }, invented),
        visibility,
        writtenBy: null,
        ownTrust: null,
        version: 1,
        contentVersion: 1,
        kind: 'NOTE',
        tags: [],
        source: null,
        sourceId: null,
        thread: `${conversation}-${Math.floor(index / turnsOfThread)}`,
        position: index % turnsOfThread,
        language: 'en',
        trust: 'PERSON',
        occurredAt: null,
        createdAt: now,
        modifiedAt: now,
        expiresAt: null,
        deletedAt: null,
      };
    });
  }
}
