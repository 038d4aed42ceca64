import type { FetchDocument } from '../src/oauth/fetch-document.ts';
import type { Picard } from '../src/start-picard.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { deploy } from './deployment.ts';
import type { Deployment } from './deployment-name.ts';

export interface Answer<Data> {
  status: number;
  headers: Headers;
  data: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

/** A whole Picard on loopback with a real database, and the ways in that a caller has. */
export interface TestPicard extends AsyncDisposable {
  readonly url: URL;
  /** The first instance, to reach inside; closing it closes all. */
  readonly picard: Picard;
  /** Every instance behind the address, for what a test watches inside. */
  readonly instances: readonly Picard[];
  readonly database: TestDatabase;
  /** The administrator's key. */
  readonly key: string;
  /** Asks over HTTP; as the administrator unless told. `null` bears no credential. */
  ask<Data = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    key?: string | null,
  ): Promise<Answer<Data>>;
  /** As `ask`, for what must succeed. */
  data<Data>(query: string, variables?: Record<string, unknown>, key?: string | null): Promise<Data>;
  /** Makes an account and answers its key. */
  account(handle: string): Promise<string>;
  /** Waits until every memory of the account has its vectors. */
  embedded(key?: string): Promise<void>;
}

export interface TestOptions {
  /** `none` unless told: opening the model takes time that most tests do not need. */
  embedding?: 'local' | 'none';
  /** Another instance on a database that is there already; that one is not removed. */
  database?: TestDatabase;
  env?: Record<string, string>;
  /** Answers for the documents of apps on the net. */
  fetchDocument?: FetchDocument;
  /** For what is about one process; as the test run is deployed unless told. */
  deployment?: Deployment;
}

export async function startTestPicard(options: TestOptions = {}): Promise<TestPicard> {
  const database = options.database ?? (await createTestDatabase());
  const env = {
    PICARD_PORT: '0',
    PICARD_DATA: database.dataFolder,
    DATABASE_URL: database.databaseUrl,
    PICARD_EMBEDDING: options.embedding ?? 'none',
    PICARD_MODEL_CACHE: 'node_modules/.cache/picard/models',
    ...options.env,
  };
  const parts = options.fetchDocument ? { fetchDocument: options.fetchDocument } : {};
  const { url, picard, instances } = await deploy(env, parts, options.deployment);
  const firstKey = picard.firstKey ?? '';

  const ask: TestPicard['ask'] = async (query, variables = {}, key = firstKey) => {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Omit<Answer<never>, 'status' | 'headers'>;
    return { ...body, status: response.status, headers: response.headers };
  };

  const data: TestPicard['data'] = async <Data>(
    query: string,
    variables = {},
    key: string | null = firstKey,
  ) => {
    const answer = await ask<Data>(query, variables, key);
    if (answer.errors || answer.data === null) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };

  return {
    url,
    picard,
    instances,
    database,
    key: firstKey,
    ask,
    data,
    async account(handle) {
      const made = await data<{ createAccount: { secret: string } }>(
        'mutation ($input: CreateAccountInput!) { createAccount(input: $input) { ... on CreateAccountPayload { secret } } }',
        { input: { handle } },
      );
      return made.createAccount.secret;
    },
    async embedded(key = firstKey) {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const { viewer } = await data<{ viewer: { pendingEmbeddings: number } }>(
          '{ viewer { pendingEmbeddings } }',
          {},
          key,
        );
        if (viewer.pendingEmbeddings === 0) return;
        if (Date.now() > deadline)
          throw new Error(`${viewer.pendingEmbeddings} memories still wait for their vectors`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async [Symbol.asyncDispose]() {
      await picard.close();
      if (!options.database) await database.remove();
    },
  };
}
