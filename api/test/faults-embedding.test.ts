import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAccount } from '../src/accounts/create-account.ts';
import { withImplied, type Viewer } from '../src/accounts/viewer.ts';
import { updateMemory } from '../src/memories/update-memories.ts';
import { submitMemories } from '../src/memories/submit-memories.ts';
import { deleteMemory } from '../src/memories/delete-memories.ts';
import type { EmbeddingModel } from '../src/models/embedding-model.ts';
import type { Fault } from '../src/models/testing/openai-faults.ts';
import { wordVector } from '../src/models/testing/word-vector.ts';
import { openaiModel } from '../src/models/openai/openai-model.ts';
import { Embeddings } from '../src/search/embeddings.ts';
import { searchMemories } from '../src/search/search-memories.ts';
import type { Services } from '../src/services.ts';
import { DataKeys } from '../src/storage/data-keys.ts';
import { openDatabase } from '../src/storage/database.ts';
import { Events } from '../src/storage/events.ts';
import { openMasterKeys } from '../src/storage/master-keys.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startProvider, type Provider } from './faults-provider.ts';
import { breaches } from './storage-invariants.ts';

/** As in production, but that nobody waits for seconds. */
const resilience = {
  documents: { attempts: 2, baseDelayMs: 1, maxDelayMs: 5 },
  queries: { attempts: 1, baseDelayMs: 1, maxDelayMs: 5 },
  breaker: { failuresToOpen: 1_000_000, openMs: 1 },
};

let provider: Provider;
let testDatabase: TestDatabase;
let base: Omit<Services, 'embeddings'>;
let services: Services;
let viewer: Viewer;
const log: string[] = [];

const model = (dimensions: number): EmbeddingModel =>
  openaiModel(
    { apiKey: 'key', baseUrl: provider.baseUrl, model: 'text-embedding-3-small', dimensions },
    resilience,
  );

beforeEach(async () => {
  log.length = 0;
  provider = await startProvider();
  testDatabase = await createTestDatabase();
  const { databaseUrl, dataFolder } = testDatabase;
  const database = await openDatabase(
    databaseUrl ? { url: databaseUrl } : { folder: `${dataFolder}/database` },
  );
  base = {
    database,
    dataKeys: new DataKeys(await openMasterKeys(undefined, dataFolder, () => undefined)),
    events: await Events.open(database),
    logger: pino({ level: 'debug' }, { write: (line: string) => void log.push(line) }),
  };
  const { account } = await createAccount(base, { handle: 'ada' });
  viewer = {
    id: account.id,
    administrator: false,
    scopes: withImplied(['memories:write']),
    faces: new Set(['graphql']),
    expiresAt: null,
  };
});
afterEach(async () => {
  await services.embeddings.close();
  await base.database.close();
  await provider[Symbol.asyncDispose]();
  await testDatabase.remove();
});

async function start(dimensions: number, former?: number): Promise<void> {
  services = {
    ...base,
    embeddings: await Embeddings.open(base, model(dimensions), async () => (former ? model(former) : null)),
  };
  await services.embeddings.start();
}

async function submit(...texts: string[]): Promise<string[]> {
  const outcomes = await submitMemories(services, viewer, {
    items: texts.map((text) => ({ text })),
    atomic: true,
  });
  return outcomes.map((outcome) => ('id' in outcome ? String(outcome.id) : ''));
}

const search = (query: string) =>
  searchMemories(services, viewer, {
    query,
    mode: 'HYBRID',
    filter: {},
    language: 'en',
    threadContext: false,
    after: null,
    limit: 10,
  });

const pending = () =>
  base.database.forJobs(
    (sql) => sql<{ memoryId: string; attempts: number; givenUp: boolean }[]>`
      select memory_id, attempts, run_after = 'infinity' as given_up from pending_embeddings`,
  );

/** The waits between tries, passed. */
async function hurry(): Promise<void> {
  await base.database.forJobs(
    (sql) => sql`update pending_embeddings set run_after = now() where run_after < 'infinity'`,
  );
  services.embeddings.nudge();
}

/** Until the condition holds; the test's own time limit ends it. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) {
    services.embeddings.nudge();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const allEmbedded = () => until(async () => (await pending()).length === 0);

const distance = async (memoryId: string, text: string, dimensions: number): Promise<number | undefined> => {
  const [row] = await base.database.forJobs(
    (sql) => sql<{ distance: number }[]>`
      select (embedding <=> ${`[${[...wordVector(text, dimensions)].join()}]`}::halfvec) as distance
      from memory_embeddings where memory_id = ${memoryId}`,
  );
  return row?.distance;
};

describe('a provider that does not answer as it should', () => {
  test.each<[string, Fault]>([
    ['fails', { kind: 'status', status: 500 }],
    ['asks for a pause', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['answers something else', { kind: 'body', body: '<html>Bad gateway</html>' }],
    ['answers half', { kind: 'body', body: '{"object":"list","data":[]}' }],
    ['ends the connection', { kind: 'reset' }],
    ['refuses the key, and quotes what it was sent', { kind: 'status', status: 401, message: 'pelican key' }],
    ['knows no such model', { kind: 'status', status: 404, message: 'pelican' }],
  ])('when it %s, writing and searching by word go on, and vectors follow', async (_what, fault) => {
    await start(8);
    provider.fault = fault;
    const [id = ''] = await submit('A pelican by the lake');
    await until(
      async () => (await pending()).some(({ attempts }) => attempts > 0) && log.join().includes(id),
    );
    const meanwhile = await search('pelican');
    expect(meanwhile.hits.map((hit) => hit.id)).toEqual([id]);
    expect(meanwhile.mode).toBe('WORDS');
    expect(meanwhile.notice).toContain('found by word alone');
    expect(log.join('')).not.toContain('pelican');

    provider.fault = undefined;
    await hurry();
    await allEmbedded();
    expect(await search('pelican')).toMatchObject({ mode: 'HYBRID', notice: null });
  });
});

test('a text that is refused holds up no other, and is not sent for ever', async () => {
  await start(8);
  provider.refuses = (text) => text.includes('unspeakable');
  const [, refused] = await submit('one', 'something unspeakable', 'three', 'four');
  await until(async () => (await pending()).every(({ givenUp }) => givenUp));
  expect(await pending()).toEqual([{ memoryId: refused, attempts: 1, givenUp: true }]);
  expect(log.join('')).not.toContain('unspeakable');
  expect((await search('unspeakable')).hits.map(({ id }) => id)).toContain(refused);

  await updateMemory(services, viewer, { id: refused ?? '', text: 'something mild' });
  await allEmbedded();
  expect(await distance(refused ?? '', 'something mild', 8)).toBeCloseTo(0, 2);
});

test('what changes while it is embedded is embedded anew', async () => {
  await start(64);
  const gate = Promise.withResolvers<void>();
  provider.hold = () => gate.promise;
  const asked = provider.asked((texts) => texts.includes('green tea'));
  const [id = ''] = await submit('green tea');
  await asked;
  await updateMemory(services, viewer, { id, text: 'iced coffee' });
  gate.resolve();
  await allEmbedded();
  expect(await distance(id, 'iced coffee', 64)).toBeCloseTo(0, 2);
  expect(await breaches(base.database)).toEqual({});
});

test('what is erased while it is embedded leaves no vector behind', async () => {
  await start(8);
  const gate = Promise.withResolvers<void>();
  provider.hold = () => gate.promise;
  const asked = provider.asked((texts) => texts.includes('green tea'));
  const [id = ''] = await submit('green tea', 'iced coffee');
  await asked;
  await deleteMemory(services, viewer, { id });
  await base.database.forJobs((sql) => sql`delete from memories where id = ${id}`);
  gate.resolve();
  await allEmbedded();
  expect(await distance(id, 'green tea', 8)).toBeUndefined();
  expect(await breaches(base.database)).toEqual({});
});

test('work that was cut off by the end of the process is done after the next start', async () => {
  await start(8);
  provider.hold = () => new Promise(() => undefined);
  const asked = provider.asked((texts) => texts.includes('green tea'));
  await submit('green tea', 'iced coffee');
  await asked;
  await services.embeddings.close();
  expect(await pending()).toHaveLength(2);
  expect(await breaches(base.database)).toEqual({});
  provider.hold = () => undefined;
  await start(8);
  // On Postgres the lease may be another's, and is waited out.
  await hurry();
  await allEmbedded();
  expect(await breaches(base.database)).toEqual({});
});

describe('another model', () => {
  const states = () =>
    base.database.forJobs(
      (sql) =>
        sql<
          { dimensions: number; state: string }[]
        >`select dimensions, state from embedding_models order by id`,
    );
  beforeEach(async () => {
    await start(8);
    await submit('green tea', 'iced coffee', 'a pelican');
    await allEmbedded();
    await services.embeddings.close();
  });

  test('is built in the background while the former one answers, then takes over', async () => {
    const gate = Promise.withResolvers<void>();
    // Only what the new model is asked for waits: queries to the former one must be answered.
    provider.hold = (texts) => (texts.length === 3 ? gate.promise : undefined);
    const asked = provider.asked((texts) => texts.length === 3);
    await start(12, 8);
    await asked;
    expect(await states()).toEqual([
      { dimensions: 8, state: 'active' },
      { dimensions: 12, state: 'building' },
    ]);
    expect(services.embeddings.activeModel).toContain('/8@');
    expect((await search('green tea')).mode).toBe('HYBRID');
    const [late] = await submit('written meanwhile');
    gate.resolve();
    await until(() => services.embeddings.activeModel?.includes('/12@') ?? false);
    expect(await states()).toEqual([
      { dimensions: 8, state: 'retired' },
      { dimensions: 12, state: 'active' },
    ]);
    const found = await search('written meanwhile');
    expect(found).toMatchObject({ mode: 'HYBRID', notice: null });
    expect(found.hits[0]?.id).toBe(late);
    await allEmbedded();
    expect(await breaches(base.database)).toEqual({});
  });

  test('that refuses one text takes over none the less', async () => {
    provider.refuses = (text) => text.includes('pelican');
    await start(12);
    await until(() => services.embeddings.activeModel?.includes('/12@') ?? false);
    expect((await pending()).map(({ givenUp }) => givenUp)).toEqual([true]);
  });

  test('does not take over while its provider is down', async () => {
    provider.fault = { kind: 'status', status: 404 };
    await start(12);
    for (let round = 0; round < 3; round += 1) {
      await until(async () => (await pending()).every(({ attempts }) => attempts > round));
      await hurry();
    }
    expect(await states()).toContainEqual({ dimensions: 12, state: 'building' });
    expect((await search('pelican')).hits).toHaveLength(1);
  });

  test('is dropped when the settings go back before it was ready, and asks for nothing more', async () => {
    provider.fault = { kind: 'status', status: 500 };
    await start(12);
    await services.embeddings.close();
    provider.fault = undefined;
    await start(8);
    expect(await states()).toEqual([
      { dimensions: 8, state: 'active' },
      { dimensions: 12, state: 'retired' },
    ]);
    await submit('after the change');
    await allEmbedded();
    expect(services.embeddings.activeModel).toContain('/8@');
    expect(await breaches(base.database)).toEqual({});
  });

  test('gets what was written by a process that did not know of it yet', async () => {
    await start(12);
    await until(() => services.embeddings.activeModel?.includes('/12@') ?? false);
    await services.embeddings.close();
    // As if the write had been under way when the model was taken on: neither a vector nor a wish.
    await base.database.forJobs(async (sql) => {
      await sql`update embedding_models set state = case dimensions when 8 then 'retired' else 'building' end`;
      await sql`delete from memory_embeddings e using embedding_models m where m.id = e.model_id and m.dimensions = 12
        and e.memory_id = (select id from memories order by id limit 1)`;
    });
    await start(12);
    await until(() => services.embeddings.activeModel?.includes('/12@') ?? false);
    expect(await breaches(base.database)).toEqual({});
  });
});
