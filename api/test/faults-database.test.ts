import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { subscribe } from './events-subscriber.ts';
import { startTestPicard, type Answer, type TestPicard } from './picard.ts';
import { breaches } from './storage-invariants.ts';
import { startProxy, type Proxy } from './storage-proxy.ts';

/** Within this time after the database is back, all must be well again. */
const BACK_MS = 5_000;

type Submitted = { submitMemory: { memory: { id: string } } };
const submit = (picard: TestPicard, text: string): Promise<Answer<Submitted>> =>
  picard.ask<Submitted>(
    'mutation ($text: String!) { submitMemory(input: { text: $text }) { ... on SubmitMemoryPayload { memory { id } } } }',
    { text },
  );

/** Done, or put off in the way that a client understands. */
function expectDoneOrPutOff(answer: Answer<unknown>): boolean {
  if (!answer.errors) return true;
  expect(answer.errors.map(({ extensions }) => extensions['code'])).toEqual(['UNAVAILABLE']);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('3');
  return false;
}

async function backInTime<T>(attempt: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + BACK_MS;
  for (;;) {
    const outcome = await attempt();
    if (outcome !== null) return outcome;
    if (Date.now() > deadline) throw new Error(`Not well again after ${BACK_MS} ms`);
  }
}

describe.runIf(process.env['PICARD_TEST_DATABASE_URL'])('Postgres', () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let picard: TestPicard;
  let admin: postgres.Sql;
  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await startProxy(new URL(database.databaseUrl ?? ''));
    picard = await startTestPicard({ database: { ...database, databaseUrl: proxy.url } });
    admin = postgres(database.databaseUrl ?? '', { max: 1 });
  });
  afterAll(async () => {
    await picard[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await admin.end();
    await database.remove();
  });

  const terminateAll = () => admin`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;

  /** Writers and readers that go on until they are told, and what was acknowledged to them. */
  async function during(trouble: () => Promise<void>): Promise<string[]> {
    const acknowledged: string[] = [];
    let busy = true;
    const workers = Array.from({ length: 8 }, async (_, worker) => {
      for (let n = 0; busy; n += 1) {
        if (worker < 5) {
          const answer = await submit(picard, `worker ${worker} number ${n}`);
          if (expectDoneOrPutOff(answer)) acknowledged.push(answer.data?.submitMemory.memory.id ?? '');
        } else {
          expectDoneOrPutOff(
            await picard.ask('{ viewer { memories(first: 5) { edges { node { text } } } } }'),
          );
        }
      }
    });
    try {
      await trouble();
    } finally {
      busy = false;
      await Promise.all(workers);
    }
    return acknowledged;
  }

  const kept = async (): Promise<string[]> =>
    (await admin<{ id: string }[]>`select id from memories`).map(({ id }) => id);

  async function expectWell(): Promise<void> {
    await backInTime(async () => ((await submit(picard, 'well again')).errors ? null : true));
    await using subscriber = await subscribe(picard);
    // Until the listener is back nothing is heard, so that one change may not be enough.
    let heard = false;
    const first = subscriber.next().then(() => (heard = true));
    await backInTime(async () => {
      await submit(picard, 'heard');
      return heard ? true : null;
    });
    await first;
    expect(await breaches(picard.picard.services.database)).toEqual({});
    const health = await fetch(new URL('/health', picard.url));
    expect(health.status).toBe(200);
  }

  test('that ends all connections under requests: each is done or put off, and what was acknowledged is kept', async () => {
    const acknowledged = await during(async () => {
      for (let round = 0; round < 10; round += 1) {
        // Between two of them somebody gets through.
        await backInTime(async () => ((await submit(picard, `between ${round}`)).errors ? null : true));
        await terminateAll();
      }
    });
    await expectWell();
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await kept()).toEqual(expect.arrayContaining(acknowledged));
  });

  test('that is gone for a while: every request is put off, health says so, and all comes back', async () => {
    const acknowledged = await during(async () => {
      proxy.refuse();
      for (let n = 0; n < 20; n += 1) expect(expectDoneOrPutOff(await submit(picard, 'in vain'))).toBe(false);
      for (const path of ['/health', '/readyz']) {
        const health = await fetch(new URL(path, picard.url));
        expect(health.status).toBe(503);
        expect(health.headers.get('retry-after')).toBe('3');
      }
      expect((await fetch(new URL('/healthz', picard.url))).status).toBe(204);
      proxy.accept();
      await backInTime(async () => ((await submit(picard, 'back')).errors ? null : true));
    });
    await expectWell();
    expect(await kept()).toEqual(expect.arrayContaining(acknowledged));
  });
});

test.skipIf(process.env['PICARD_TEST_DATABASE_URL'])(
  'the embedded database answers many at once, none of them put off',
  async () => {
    await using picard = await startTestPicard();
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => submit(picard, `number ${n}`)));
    expect(answers.filter(({ errors }) => errors)).toEqual([]);
    expect(await breaches(picard.picard.services.database)).toEqual({});
  },
);
