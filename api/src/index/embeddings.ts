import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddingModel } from '../models/embedding-model.ts';
import type { Services } from '../services.ts';
import { recordRun } from '../storage/job-runs.ts';
import { embedPending } from './embed-pending.ts';
import { activateWhenBuilt, adoptModel, modelsInUse } from './embedding-models.ts';
import { releasePending } from './pending-rows.ts';
import { type ModelRow } from './model-rows.ts';

/** How often to look for work that another process left, and for a model that another process made active. */
const POLL_MS = 2_000;

export interface QueryVector {
  modelId: number;
  vector: Float32Array;
}

/** The models in use, the vectors of queries, and the background job that embeds what was written. */
export class Embeddings {
  readonly #services: Omit<Services, 'embeddings'>;
  /** Every model that could be opened, by its key: the configured one, and the one it replaces. */
  readonly #opened: ReadonlyMap<string, EmbeddingModel>;
  readonly #stop = new AbortController();
  #rows: readonly ModelRow[];
  #wake = new AbortController();
  #loop: Promise<void> | undefined;

  private constructor(
    services: Omit<Services, 'embeddings'>,
    opened: ReadonlyMap<string, EmbeddingModel>,
    rows: readonly ModelRow[],
  ) {
    this.#services = services;
    this.#opened = opened;
    this.#rows = rows;
  }

  /**
   * @param configured the model of the settings; null for search by words alone.
   * @param openFormer opens the model that was active before, by its key, if that can be done.
   */
  static async open(
    services: Omit<Services, 'embeddings'>,
    configured: EmbeddingModel | null,
    openFormer: (key: string) => Promise<EmbeddingModel | null> = async () => null,
  ): Promise<Embeddings> {
    const rows = await adoptModel(services.database, configured);
    const opened = new Map<string, EmbeddingModel>();
    if (configured) opened.set(configured.key, configured);
    for (const { key } of rows) {
      const former = opened.has(key) ? null : await openFormer(key);
      if (former?.key === key) opened.set(key, former);
      else await former?.close();
    }
    return new Embeddings(services, opened, rows);
  }

  /** The key of the model that search uses now; null when it goes by words alone. */
  get activeModel(): string | null {
    const active = this.#active();
    return active ? active.model.key : null;
  }

  /** Null when no model can answer: none is configured, or the active one cannot be opened here. */
  async queryVector(text: string, signal?: AbortSignal): Promise<QueryVector | null> {
    const active = this.#active();
    if (!active) return null;
    return { modelId: active.id, vector: await active.model.embedQuery(text, signal) };
  }

  /** The model whose stored vectors may be compared now. */
  get activeModelId(): number | null {
    return this.#rows.find((row) => row.state === 'active')?.id ?? null;
  }

  /** Embeds in the background until `close`. */
  async start(): Promise<void> {
    // An embedded database has one process: what it finds leased was left by its own last life.
    if (this.#services.database.kind === 'embedded')
      await this.#services.database.forJobs((sql) => releasePending(sql));
    this.#loop ??= this.#run();
  }

  /** Something was written: look for it now instead of at the next poll. */
  nudge(): void {
    this.#wake.abort();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.nudge();
    await this.#loop;
    await Promise.all([...this.#opened.values()].map((model) => model.close()));
  }

  #active(): { id: number; model: EmbeddingModel } | null {
    const row = this.#rows.find((each) => each.state === 'active');
    const model = row && this.#opened.get(row.key);
    return row && model ? { id: row.id, model } : null;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { database } = this.#services;
      const round = recordRun(database, 'EMBEDDINGS', POLL_MS, () => this.#round());
      const worked = await round.catch((error: unknown) => {
        this.#services.logger.warn(
          { reason: error instanceof Error ? error.name : 'unknown' },
          'Embedding in the background stopped for a moment; it tries again',
        );
        return 0;
      });
      if (worked === 0) await this.#rest();
    }
  }

  async #round(): Promise<number> {
    const models = new Map<number, EmbeddingModel>();
    for (const row of this.#rows) {
      const model = this.#opened.get(row.key);
      if (model) models.set(row.id, model);
    }
    if (models.size === 0) return 0;
    const worked = await embedPending(this.#services, models, this.#stop.signal);
    if (worked === 0) await this.#refresh();
    return worked;
  }

  async #refresh(): Promise<void> {
    const building = this.#rows.find((row) => row.state === 'building' && this.#opened.has(row.key));
    if (building && (await activateWhenBuilt(this.#services.database, building))) {
      this.#services.logger.info({ model: building.key }, 'Search now uses this embedding model');
    }
    this.#rows = await modelsInUse(this.#services.database);
  }

  async #rest(): Promise<void> {
    const woken = this.#wake.signal;
    await sleep(POLL_MS, undefined, { signal: woken, ref: false }).catch(() => undefined);
    if (woken.aborted) this.#wake = new AbortController();
  }
}
