import { afterAll, beforeAll, expect, test } from 'vitest';
import { activity, submit, verify } from './audit-stage.ts';
import { GroupsStage } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

test('P42 sixteen that write for one account at once: every act once, in one row, without a gap', async () => {
  const key = await picard.account('busy');
  const before = (await activity(picard, key)).length;
  const ids = (
    await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        const own: string[] = [];
        for (let index = 0; index < 5; index += 1) own.push(await submit(picard, key, `${writer}/${index}`));
        return own;
      }),
    )
  ).flat();
  const entries = await activity(picard, key);
  expect(entries).toHaveLength(before + 80);
  expect(entries.map(({ number }) => number)).toEqual(
    Array.from({ length: before + 80 }, (_, n) => before + 80 - n),
  );
  expect(
    entries
      .slice(0, 80)
      .flatMap(({ subjectIds }) => subjectIds)
      .sort(),
  ).toEqual(ids.sort());
  expect((await verify(picard)).findings).toEqual([]);
});

test('P42 acts that stand in the logs of the same two people, begun from either side, hold each other up in no circle', async () => {
  const { database } = picard.picard.services;
  const stage = new GroupsStage(picard);
  const [ada, bob] = [await stage.somebody('ada'), await stage.somebody('bob')];
  const both = await Promise.all([
    stage.settled([ada, 'owner'], [bob, 'owner']),
    stage.settled([bob, 'owner'], [ada, 'owner']),
  ]);
  const turn = (who: typeof ada, other: typeof ada, groupId: string, role: string) =>
    database.forViewer(who.id, async (sql) => {
      // Two entries, of which the first is for one's own log alone: the order of the locks is not that of the acts.
      await sql`update groups set about = ${role} where id = ${groupId}`;
      await sql`update group_members set role = ${role} where group_id = ${groupId} and user_id = ${other.id}`;
    });
  const before = (await activity(picard, ada.key)).length;
  for (let round = 0; round < 20; round += 1) {
    const role = round % 2 === 0 ? 'manager' : 'owner';
    await Promise.all([turn(ada, bob, both[0], role), turn(bob, ada, both[1], role)]);
  }
  // Of each round: one’s own two acts, and the other’s that was about oneself.
  expect((await activity(picard, ada.key)).length).toBe(before + 60);
  expect((await verify(picard)).findings).toEqual([]);
});

test('P42 what verifies while others write finds nothing', async () => {
  const key = await picard.account('writer');
  let writing = true;
  const writer = (async () => {
    for (let index = 0; writing; index += 1) {
      await submit(picard, key, `Fact ${index}`);
      if (index % 5 === 0) await picard.data('mutation { signAuditCheckpoints { signed } }');
    }
  })();
  for (let round = 0; round < 10; round += 1) expect((await verify(picard)).findings).toEqual([]);
  writing = false;
  await writer;
});
