import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { TrustStage } from './trust-stage.ts';

let picard: TestPicard;
let stage: TrustStage;
let ada: Somebody;
let app: string;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new TrustStage(picard);
  [ada] = await stage.people(1);
  app = await stage.appKey(ada);
});
afterAll(() => picard[Symbol.asyncDispose]());

const from = async (...derivedFrom: string[]): Promise<string> => (await stage.made(ada, { derivedFrom })).id;
const trusts = (...ids: string[]) => Promise.all(ids.map((id) => stage.trust(ada, id)));
const change = (id: string, more: Record<string, unknown>, key = ada.key) =>
  stage.write(ada, 'updateMemory', { id, ...more }, key);

describe('N8 what was made of what was made', () => {
  test('N8 may go in circles', async () => {
    const first = await from();
    const second = await from(first);
    const third = await from(second);
    expect(await change(first, { derivedFrom: [third] })).toMatchObject({ memory: { trust: 'PERSON' } });
    await change(second, { tags: ['by an app'] }, app);
    expect(await trusts(first, second, third)).toEqual(['APP', 'APP', 'APP']);
  });

  test('N8 may be a chain of any length', async () => {
    const source = await from();
    const { database } = picard.picard.services;
    // As five hundred memories that were each made of the one before.
    const ids = [source, ...Array.from({ length: 500 }, () => randomUUID())];
    await database.forViewer(ada.id, async (sql) => {
      await sql`
        insert into memories (owner_id, id, version, content_version, kind, tags, language, trust, created_at, modified_at)
        select ${ada.id}, id, 1, 1, 'NOTE', '{}', 'en', 'PERSON', now(), now() from unnest(${ids.slice(1)}::uuid[]) as id`;
      await sql`
        insert into memory_sources (owner_id, memory_id, source_id, place, trust)
        select ${ada.id}, made, source, 1, 'PERSON'
        from unnest(${ids.slice(1)}::uuid[], ${ids.slice(0, -1)}::uuid[]) as chain (made, source)`;
    });
    await change(source, { tags: ['by an app'] }, app);
    const rows = await database.forViewer(
      ada.id,
      (sql) => sql<{ trust: string }[]>`select trust from memories where id = any(${ids}::uuid[])`,
    );
    expect(rows.filter(({ trust }) => trust === 'APP')).toHaveLength(501);
    await database.forJobs((sql) => sql`delete from memories where id = any(${ids}::uuid[])`);
  });
});

describe('N8 at the same time', () => {
  test('N8 whatever is made of a memory while an app changes it, it is an app’s in the end', async () => {
    for (let round = 0; round < 10; round += 1) {
      const source = await from();
      const middle = await from(source);
      const [, ...made] = await Promise.all([
        change(source, { tags: [`round ${round}`] }, app),
        from(source),
        from(middle, source),
        from(middle),
      ]);
      expect(await trusts(source, middle, ...made)).toEqual(['APP', 'APP', 'APP', 'APP', 'APP']);
    }
  });

  test('N8 nobody waits for ever: changes and what was made of what, every way round', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => from()));
    const codes = await Promise.all(
      Array.from({ length: 40 }, (_each, n) => {
        const id = ids[n % 6] ?? '';
        const key = n % 3 === 0 ? app : ada.key;
        const derivedFrom =
          n % 2 === 0 ? { derivedFrom: [ids[(n * 5 + 1) % 6] ?? ''].filter((each) => each !== id) } : {};
        return change(id, { tags: [`change ${n}`], ...derivedFrom }, key);
      }),
    );
    expect(new Set(codes.map(({ __typename }) => __typename))).toEqual(new Set(['UpdateMemoryPayload']));
  });
});
