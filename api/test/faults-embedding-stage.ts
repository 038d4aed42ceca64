import { pino } from 'pino';
import { createAccount } from '../src/accounts/create-account.ts';
import { openSignIn } from '../src/accounts/sign-in.ts';
import { withImplied, type Viewer } from '../src/accounts/viewer.ts';
import { submitMemories } from '../src/memories/submit-memories.ts';
import type { EmbeddingModel } from '../src/models/embedding-model.ts';
import { wordVector } from '../src/models/testing/word-vector.ts';
import { openaiModel } from '../src/models/openai/openai-model.ts';
import { Embeddings } from '../src/index/embeddings.ts';
import { searchMemories, type SearchResult } from '../src/search/search-memories.ts';
import { ReadLog } from '../src/reads/read-log.ts';
import type { Services } from '../src/services.ts';
import { DataKeys } from '../src/storage/data-keys.ts';
import { openDatabase, type Database } from '../src/storage/database.ts';
import { Events } from '../src/storage/events.ts';
import { openMasterKeys } from '../src/storage/master-keys.ts';
import { createTestDatabase } from './database.ts';
import { startProvider, type Provider } from './faults-provider.ts';

/** As in production, but that nobody waits for seconds. */
const resilience = {
  documents: { attempts: 2, baseDelayMs: 1, maxDelayMs: 5 },
  queries: { attempts: 1, baseDelayMs: 1, maxDelayMs: 5 },
  breaker: { failuresToOpen: 1_000_000, openMs: 1 },
};

interface Pending {
  memoryId: string;
  attempts: number;
  givenUp: boolean;
}

/** Memories of one account over a real database, embedded by a provider whose state the test sets. */
export class EmbeddingStage implements AsyncDisposable {
  readonly provider: Provider;
  readonly database: Database;
  readonly viewer: Viewer;
  readonly log: readonly string[];
  readonly #base: Omit<Services, 'embeddings'>;
  readonly #remove: () => Promise<void>;
  #embeddings: Embeddings | undefined;

  private constructor(
    provider: Provider,
    base: Omit<Services, 'embeddings'>,
    viewer: Viewer,
    log: readonly string[],
    remove: () => Promise<void>,
  ) {
    this.provider = provider;
    this.database = base.database;
    this.viewer = viewer;
    this.log = log;
    this.#base = base;
    this.#remove = remove;
  }

  static async open(): Promise<EmbeddingStage> {
    const log: string[] = [];
    const { databaseUrl, dataFolder, remove } = await createTestDatabase();
    const database = await openDatabase(
      databaseUrl ? { url: databaseUrl } : { folder: `${dataFolder}/database` },
    );
    const dataKeys = new DataKeys(await openMasterKeys(undefined, dataFolder, () => undefined));
    await dataKeys.ofServer(database);
    const logger = pino({ level: 'debug' }, { write: (line: string) => void log.push(line) });
    const base = {
      database,
      dataKeys,
      signIn: await openSignIn(database, dataKeys, 'closed'),
      events: await Events.open(database),
      reads: new ReadLog({ database, logger }),
      logger,
    };
    const { account } = await createAccount(base, { handle: 'ada' });
    const viewer: Viewer = {
      id: account.id,
      administrator: false,
      scopes: withImplied(['memories:write']),
      faces: new Set(['graphql']),
      expiresAt: null,
      credential: { kind: 'key', id: account.id },
      authenticatedAt: null,
    };
    return new EmbeddingStage(await startProvider(), base, viewer, log, remove);
  }

  get services(): Services {
    if (!this.#embeddings) throw new Error('The stage was not started');
    return { ...this.#base, embeddings: this.#embeddings };
  }

  get activeModel(): string | null {
    return this.services.embeddings.activeModel;
  }

  /** With a model of so many dimensions; the `former` one can be opened too. */
  async start(dimensions: number, former?: number): Promise<void> {
    const openFormer = async (): Promise<EmbeddingModel | null> => (former ? this.#model(former) : null);
    this.#embeddings = await Embeddings.open(this.#base, this.#model(dimensions), openFormer);
    await this.#embeddings.start();
  }

  async stop(): Promise<void> {
    await this.#embeddings?.close();
  }

  #model(dimensions: number): EmbeddingModel {
    const { baseUrl } = this.provider;
    return openaiModel({ apiKey: 'key', baseUrl, model: 'text-embedding-3-small', dimensions }, resilience);
  }

  /** Answers their ids. */
  async submit(...texts: string[]): Promise<string[]> {
    const items = texts.map((text) => ({ text }));
    const outcomes = await submitMemories(this.services, this.viewer, { items, atomic: true });
    return outcomes.map((outcome) => ('id' in outcome ? String(outcome.id) : ''));
  }

  async search(query: string): Promise<SearchResult> {
    return searchMemories(this.services, this.viewer, {
      query,
      mode: 'HYBRID',
      filter: {},
      language: 'en',
      threadContext: false,
      after: null,
      first: 10,
    });
  }

  async pending(): Promise<Pending[]> {
    return this.database.forJobs(
      (sql) => sql<Pending[]>`
        select memory_id, attempts, run_after = 'infinity' as given_up from pending_embeddings`,
    );
  }

  /** The waits between tries, passed. */
  async hurry(): Promise<void> {
    await this.database.forJobs(
      (sql) => sql`update pending_embeddings set run_after = now() where run_after < 'infinity'`,
    );
    this.services.embeddings.nudge();
  }

  /** Until the condition holds; the test's own time limit ends it. */
  async until(holds: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await holds())) {
      this.services.embeddings.nudge();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async allEmbedded(): Promise<void> {
    await this.until(async () => (await this.pending()).length === 0);
  }

  /** How far the stored vector of a memory is from that of a text; undefined when there is none. */
  async distance(memoryId: string, text: string, dimensions: number): Promise<number | undefined> {
    const vector = `[${wordVector(text, dimensions).join()}]`;
    const [row] = await this.database.forJobs(
      (sql) => sql<{ distance: number }[]>`
        select (embedding <=> ${vector}::halfvec) as distance from memory_embeddings where memory_id = ${memoryId}`,
    );
    return row?.distance;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.database.close();
    await this.provider[Symbol.asyncDispose]();
    await this.#remove();
  }
}
