import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { LiveStage } from './sharing-live-stage.ts';

let picard: TestPicard;
let stage: LiveStage;
let ada: Somebody;
let bob: Somebody;
let cleo: Somebody;
let eve: Somebody;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
  stage = new LiveStage(picard, picard);
  [ada, bob, cleo, eve] = await stage.people(1, 1, 1, 1);
});
afterAll(() => picard[Symbol.asyncDispose]());

/** A memory of Ada's that Bob may write and Cleo read. */
async function shared(text: string): Promise<string> {
  const id = await stage.keep(ada, text);
  await stage.share(ada, { memoryId: id }, bob.id, { level: 'WRITE' });
  await stage.share(ada, { memoryId: id }, cleo.id);
  return id;
}

describe('what is the owner’s alone', () => {
  test('is kept by the database itself, whatever a statement asks for', async () => {
    const id = await shared('kept');
    await stage.memories(ada).update({ id, text: 'kept well' });
    const lock = (ids: string[]) => (sql: Parameters<Parameters<LiveStage['as']>[1]>[0]) =>
      sql<{ id: string }[]>`select id from lock_for_writing(${ids}::uuid[])`;
    expect(await stage.as(cleo, lock([id]))).toEqual([]);
    expect(await stage.as(eve, lock([id]))).toEqual([]);
    expect(await stage.as(ada, lock([id]))).toEqual([]);
    expect(await stage.as(bob, lock([id]))).toEqual([{ id }]);
    const aside = await shared('aside');
    const touched = (who: Somebody, locked: string[]) =>
      stage.as(who, async (sql) => {
        await lock(locked)(sql);
        const counts: number[] = [];
        for (const statement of [
          sql`update memories set language = 'xx', written_by = picard_viewer_id() where id = ${id}`,
          sql`delete from memories where id = ${id}`,
          sql`delete from memory_texts where memory_id = ${id}`,
          sql`select from memory_versions where memory_id = ${id}`,
          sql`select from memory_texts where memory_id = ${id} and content_version = 1`,
        ])
          counts.push((await statement).count);
        return counts;
      });
    expect(await touched(cleo, [id])).toEqual([0, 0, 0, 0, 0]);
    expect(await touched(bob, [aside])).toEqual([0, 0, 0, 0, 0]);
    expect(await touched(bob, [id])).toEqual([1, 0, 0, 0, 0]);
    const more = (column: string) =>
      stage.as(bob, async (sql) => {
        await lock([id])(sql);
        await sql`update memories set ${sql({ [column]: column === 'tags' ? ['x'] : column === 'deleted_at' ? new Date() : 'PUBLIC' } as never)}, written_by = picard_viewer_id() where id = ${id}`;
      });
    for (const column of ['visibility', 'tags', 'deleted_at', 'source'])
      await expect(more(column)).rejects.toMatchObject({ code: '42501' });
    const asOwner = stage.as(bob, async (sql) => {
      await lock([id])(sql);
      await sql`update memories set language = 'yy', written_by = ${ada.id} where id = ${id}`;
    });
    await expect(asOwner).rejects.toMatchObject({ code: '42501' });
  });
});

describe('at once', () => {
  test('of two writers who read the same version, one writes it', async () => {
    const id = await shared('first');
    for (let version = 1; version <= 10; version += 1) {
      const came = await Promise.all(
        [ada, bob, bob].map((who, n) =>
          stage.memories(who).update({ id, text: `${version}.${n}`, expectedVersion: version }),
        ),
      );
      expect(came.map(({ code }) => code ?? 'DONE').toSorted()).toEqual([
        'DONE',
        'VERSION_CONFLICT',
        'VERSION_CONFLICT',
      ]);
    }
    expect((await stage.memories(ada).get(id))?.version).toBe(11);
  });

  test('batches that name the same memories in other orders wait for each other', async () => {
    const hers = await Promise.all([1, 2, 3].map((n) => shared(`hers ${n}`)));
    const his = await Promise.all([1, 2, 3].map((n) => stage.keep(bob, `his ${n}`)));
    for (const memoryId of his) await stage.share(bob, { memoryId }, ada.id, { level: 'WRITE' });
    const all = [...hers, ...his];
    const rounds = Array.from({ length: 6 }, (_, n) =>
      stage.memories(n % 2 === 0 ? ada : bob).updateAll(
        (n % 3 === 0 ? all : all.toReversed()).map((id) => ({ id, text: `${n} ${id}` })),
        true,
      ),
    );
    for (const came of await Promise.all(rounds)) expect(came).toMatchObject({ succeeded: 6 });
    for (const id of all) expect(await stage.memories(ada).get(id)).toMatchObject({ version: 7 });
  });

  test('a share that ends during a write ends after it or before it, and nothing is written later', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await stage.keep(ada, 'before');
      const grant = await stage.share(ada, { memoryId: id }, bob.id, { level: 'WRITE' });
      const [came] = await Promise.all([
        stage.memories(bob).update({ id, text: 'by Bob' }),
        stage.revoke(ada, grant),
        stage.memories(ada).update({ id, tags: ['at once'] }),
      ]);
      if (!came.memory) expect(came).toMatchObject({ code: 'MEMORY_NOT_FOUND' });
      expect(await stage.memories(ada).get(id)).toMatchObject({ text: came.memory ? 'by Bob' : 'before' });
      expect(await stage.memories(bob).update({ id, text: 'later' })).toMatchObject({
        code: 'MEMORY_NOT_FOUND',
      });
    }
  });

  test.runIf(process.env['PICARD_TEST_DATABASE_URL'])(
    'a revocation waits for the write that has begun',
    async () => {
      const id = await stage.keep(ada, 'before');
      const grant = await stage.share(ada, { memoryId: id }, bob.id, { level: 'WRITE' });
      const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const writing = stage.as(bob, async (sql) => {
        await sql`select id from lock_for_writing(${[id]}::uuid[])`;
        locked.resolve();
        await release.promise;
        return (
          await sql`
        update memories set language = 'de', written_by = picard_viewer_id() where id = ${id}`
        ).count;
      });
      await locked.promise;
      let ended = false;
      const revoking = stage.revoke(ada, grant).then(() => (ended = true));
      const waits = () =>
        picard.picard.services.database.asOwner(
          (sql) =>
            sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from grants%'`,
        );
      while (!ended && (await waits()).length === 0);
      expect(ended).toBe(false);
      release.resolve();
      expect(await writing).toBe(1);
      await revoking;
      expect(await stage.memories(bob).get(id)).toBeNull();
    },
  );
});
