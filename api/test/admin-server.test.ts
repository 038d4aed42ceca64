import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { recordRun } from '../src/storage/job-runs.ts';
import { AdminStage } from './admin-stage.ts';

let stage: AdminStage;
beforeAll(async () => {
  stage = await AdminStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const SERVER = `{ administration { server { version nodeVersion startedAt uptimeSeconds masterKeyVersion keysToRewrap
  counts { users suspendedUsers administrators memories trashedMemories storageBytes groups clients apiKeys }
  database { kind version sizeBytes lastMigration } embedding { activeModel buildingModel pending } } } }`;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the test knows what it asked for
const server = async (): Promise<any> =>
  (await stage.picard.data<{ administration: { server: object } }>(SERVER)).administration.server;

interface Job {
  name: string;
  backlog: number;
  failures: number;
  lastFinishedAt: string | null;
  lastFailedAt: string | null;
  nextAt: string | null;
}
const JOB = 'name backlog failures lastFinishedAt lastFailedAt nextAt';
const job = async (name: string): Promise<Job | undefined> => {
  const { administration } = await stage.picard.data<{ administration: { jobs: Job[] } }>(
    `{ administration { jobs { ${JOB} } } }`,
  );
  return administration.jobs.find((each) => each.name === name);
};
const run = (name: string, key?: string) =>
  stage.picard.ask<{ runJob: { job: Job } }>(
    `mutation ($input: RunJobInput!) { runJob(input: $input) { job { ${JOB} } } }`,
    { input: { name } },
    key,
  );

describe('the server', () => {
  test('tells its versions, its database and its counts', async () => {
    const before = await server();
    expect(before).toMatchObject({
      version: manifest.version,
      nodeVersion: process.version,
      masterKeyVersion: 1,
      keysToRewrap: 0,
      embedding: { activeModel: null, buildingModel: null, pending: 0 },
      database: {
        kind: stage.picard.database.databaseUrl ? 'POSTGRES' : 'EMBEDDED',
        lastMigration: expect.stringMatching(/^\d{4}-/),
      },
    });
    expect(before.database.sizeBytes).toBeGreaterThan(1_000_000);
    const ada = await stage.person('ada');
    const made = await stage.submit(ada.key, 'One');
    await stage.submit(ada.key, 'Two');
    await stage.change('deleteMemory', { id: (made['memory'] as { id: string }).id }, '', ada.key);
    await stage.change('createGroup', { name: 'Readers' }, '', ada.key);
    await stage.change('suspendUser', { userId: ada.id });
    expect((await server()).counts).toEqual({
      ...before.counts,
      users: 2,
      suspendedUsers: 1,
      memories: 1,
      trashedMemories: 1,
      storageBytes: 6 + 58,
      groups: 1,
      apiKeys: 2,
    });
  });

  test('is told to administrators alone', async () => {
    const { key } = await stage.person('nosy');
    for (const query of [SERVER, '{ administration { jobs { name } } }'])
      expect(await stage.refusal(query, key)).toBe('FORBIDDEN');
    expect((await run('TRASH', key)).errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('jobs', () => {
  test('the trash is emptied now, when an administrator says so', async () => {
    const bob = await stage.person('bob');
    for (const text of ['Old', 'New']) {
      const made = await stage.submit(bob.key, text);
      await stage.change('deleteMemory', { id: (made['memory'] as { id: string }).id }, '', bob.key);
    }
    const { database } = stage.picard.picard.services;
    await database.asOwner(
      (sql) => sql`
        update memories set deleted_at = now() - interval '31 days'
        where (owner_id, id) in (select owner_id, id from memories where owner_id = ${bob.id} order by created_at limit 1)`,
    );
    expect(await job('TRASH')).toMatchObject({ backlog: 1 });
    const { data } = await run('TRASH');
    expect(data?.runJob.job).toMatchObject({ backlog: 0, failures: 0, nextAt: expect.any(String) });
    const left = await database.asOwner((sql) => sql`select id from memories where owner_id = ${bob.id}`);
    expect(left).toHaveLength(1);
    expect((await stage.user(bob.id))?.storageBytes).toBe(3 + 29);
  });

  test('what accounts hold is added up, and comes to the same', async () => {
    const eve = await stage.person('eve');
    for (let n = 0; n < 5; n += 1) await stage.submit(eve.key, `Number ${n}`);
    const before = await stage.user(eve.id);
    const rows = () =>
      stage.picard.picard.services.database.asOwner(
        (sql) => sql`select from account_usage where owner_id = ${eve.id}`,
      );
    expect((await rows()).length).toBeGreaterThan(1);
    expect((await run('USAGE')).data?.runJob.job).toMatchObject({ backlog: 0 });
    expect(await rows()).toHaveLength(1);
    expect(await stage.user(eve.id)).toMatchObject({
      memoryCount: 5,
      storageBytes: before?.storageBytes,
    });
  });

  test.each(['EMBEDDINGS', 'AUTHORIZATION_SWEEP', 'WORD_STATISTICS', 'PLANNER_STATISTICS'])(
    '%s runs when it is asked to',
    async (name) => {
      const { data, errors } = await run(name);
      expect(errors).toBeUndefined();
      expect(data?.runJob.job.name).toBe(name);
    },
  );

  test('a failure is noted until a round goes well', async () => {
    const { database } = stage.picard.picard.services;
    const fail = () =>
      recordRun(database, 'AUTHORIZATION_SWEEP', 60_000, () => Promise.reject(new Error('No')));
    await expect(fail()).rejects.toThrow('No');
    await expect(fail()).rejects.toThrow('No');
    expect(await job('AUTHORIZATION_SWEEP')).toMatchObject({ failures: 2, lastFailedAt: expect.any(String) });
    await run('AUTHORIZATION_SWEEP');
    expect(await job('AUTHORIZATION_SWEEP')).toMatchObject({
      failures: 0,
      lastFinishedAt: expect.any(String),
    });
  });
});
