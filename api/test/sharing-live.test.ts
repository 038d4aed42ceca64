import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';
import { LiveStage } from './sharing-live-stage.ts';

const onPostgres = Boolean(process.env['PICARD_TEST_DATABASE_URL']);

let picard: TestPicard;
let other: TestPicard;
let stage: LiveStage;
let heard: string[];
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'none' });
  other = onPostgres ? await startTestPicard({ embedding: 'none', database: picard.database }) : picard;
  stage = new LiveStage(picard, other);
  heard = [];
  await picard.picard.services.database.listen('picard_memories', (payload) => heard.push(payload));
});
afterAll(async () => {
  if (other !== picard) await other[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

const hour = 3_600_000;

describe(`readers hear of changes made ${onPostgres ? 'in another instance' : 'in the same process'}`, () => {
  test('being let in, each change, and being let out; nobody else hears anything', async () => {
    const [ada, bob, eve] = await stage.people(1, 1, 1);
    await using his = await stage.listen(bob);
    await using hers = await stage.listen(eve);
    const id = await stage.keep(ada, 'green tea');
    const owned = { memoryId: id, ownerId: ada.id };
    const grant = await stage.share(ada, { memoryId: id }, bob.id);
    expect(await his.next()).toEqual({ kind: 'SHARED', ...owned, memory: { text: 'green tea' } });
    await stage.memories(ada).update({ id, text: 'black tea' });
    expect(await his.next()).toEqual({ kind: 'UPDATED', ...owned, memory: { text: 'black tea' } });
    await stage.memories(ada).delete({ id });
    expect(await his.next()).toEqual({ kind: 'UNSHARED', ...owned, memory: null });
    await stage.memories(ada).undelete(id);
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memory: { text: 'black tea' } });
    await stage.show(ada, id, 'PRIVATE');
    expect(await his.next()).toEqual({ kind: 'UNSHARED', ...owned, memory: null });
    await stage.memories(ada).update({ id, text: 'a secret tea' });
    await stage.show(ada, id, 'SHARED');
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memory: { text: 'a secret tea' } });
    await stage.revoke(ada, grant);
    expect(await his.next()).toEqual({ kind: 'UNSHARED', ...owned, memory: null });
    await stage.memories(ada).update({ id, text: 'a tea for nobody' });
    await his.silence();
    await hers.silence();
    expect(hers.raw).not.toContain(id);
  });

  test('by rule: what begins to fit is shared, what fits no longer is not', async () => {
    const [ada, bob] = await stage.people(1, 1);
    await using his = await stage.listen(bob);
    await stage.share(ada, { tags: ['trip'] }, bob.id);
    const id = await stage.keep(ada, 'to Oslo', { tags: ['trip', 'north'] });
    const aside = await stage.keep(ada, 'not meant for Bob', { tags: ['north'] });
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memoryId: id });
    await stage.memories(ada).update({ id, tags: ['north'] });
    expect(await his.next()).toMatchObject({ kind: 'UNSHARED', memoryId: id, memory: null });
    await stage.memories(ada).update({ id: aside, tags: ['trip'] });
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memoryId: aside });
    await his.silence();
  });

  test('by group: coming in, leaving, the group’s end; what is shared after leaving is not told', async () => {
    const [ada, bob, cleo] = await stage.people(1, 1, 1);
    const group = await stage.groups.settled([ada, 'owner'], [cleo, 'member']);
    const first = await stage.keep(ada, 'for the group');
    await stage.share(ada, { memoryId: first }, group);
    await using his = await stage.listen(bob);
    await using hers = await stage.listen(cleo);
    await stage.groups.join(ada, group, bob);
    expect(await his.next()).toMatchObject({
      kind: 'SHARED',
      memoryId: first,
      memory: { text: 'for the group' },
    });
    const second = await stage.keep(ada, 'for the group too');
    await stage.share(ada, { memoryId: second }, group);
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memoryId: second });
    await stage.groups.does(bob, 'leaveGroup', { groupId: group });
    const left = [await his.next(), await his.next()];
    expect(left).toEqual(
      expect.arrayContaining(
        [first, second].map((memoryId) => ({ kind: 'UNSHARED', memoryId, ownerId: ada.id, memory: null })),
      ),
    );
    const third = await stage.keep(ada, 'without Bob');
    await stage.share(ada, { memoryId: third }, group);
    await stage.memories(ada).update({ id: first, text: 'for the group, anew' });
    await his.silence();
    expect(his.raw).not.toContain(third);

    expect([await hers.next(), await hers.next(), await hers.next()]).toMatchObject([
      { kind: 'SHARED', memoryId: second },
      { kind: 'SHARED', memoryId: third },
      { kind: 'UPDATED', memoryId: first },
    ]);
    await stage.groups.does(ada, 'removeGroupMember', { groupId: group, userId: cleo.id });
    const removed = [await hers.next(), await hers.next(), await hers.next()];
    expect(new Set(removed.map(({ kind }) => kind))).toEqual(new Set(['UNSHARED']));

    await stage.groups.join(ada, group, bob);
    const back = [await his.next(), await his.next(), await his.next()];
    expect(new Set(back.map(({ kind }) => kind))).toEqual(new Set(['SHARED']));
    await stage.groups.does(ada, 'deleteGroup', { groupId: group });
    const ended = [await his.next(), await his.next(), await his.next()];
    expect(ended.map(({ memoryId }) => memoryId).toSorted()).toEqual([first, second, third].toSorted());
    expect(new Set(ended.map(({ kind }) => kind))).toEqual(new Set(['UNSHARED']));
    await his.silence();
    await hers.silence();
  });

  test('who sees it in two ways hears each change once, and that they are let out when the last is gone', async () => {
    const [ada, bob] = await stage.people(1, 1);
    const group = await stage.groups.settled([ada, 'owner'], [bob, 'member']);
    const id = await stage.keep(ada, 'twice');
    await using his = await stage.listen(bob);
    const direct = await stage.share(ada, { memoryId: id }, bob.id);
    const byGroup = await stage.share(ada, { memoryId: id }, group);
    expect([await his.next(), await his.next()]).toMatchObject([{ kind: 'SHARED' }, { kind: 'SHARED' }]);
    await stage.memories(ada).update({ id, text: 'twice, once' });
    expect(await his.next()).toMatchObject({ kind: 'UPDATED' });
    await stage.revoke(ada, direct);
    await his.silence();
    await stage.revoke(ada, byGroup);
    expect(await his.next()).toMatchObject({ kind: 'UNSHARED', memoryId: id });
  });

  test('what is public is heard by everybody, and its owner hears what they always did', async () => {
    const [ada, bob] = await stage.people(1, 1);
    await using hers = await stage.listen(ada);
    await using his = await stage.listen(bob);
    const id = await stage.keep(ada, 'a notice');
    expect(await hers.next()).toMatchObject({ kind: 'SUBMITTED', memoryId: id });
    await stage.show(ada, id, 'PUBLIC');
    expect(await his.next()).toMatchObject({ kind: 'SHARED', memoryId: id });
    await stage.memories(ada).update({ id, text: 'a notice, again' });
    expect(await his.next()).toMatchObject({ kind: 'UPDATED', memory: { text: 'a notice, again' } });
    expect(await hers.next()).toMatchObject({ kind: 'UPDATED', memoryId: id });
    await stage.show(ada, id, 'SHARED');
    expect(await his.next()).toMatchObject({ kind: 'UNSHARED', memoryId: id, memory: null });
    await hers.silence();
  });

  test('nobody hears of what ended before they came, or has had its day', async () => {
    const [ada, bob] = await stage.people(1, 1);
    const group = await stage.groups.settled([ada, 'owner']);
    const [before, over] = [await stage.keep(ada, 'before Bob'), await stage.keep(ada, 'over')];
    const grant = await stage.share(ada, { memoryId: before }, group);
    await using his = await stage.listen(bob);
    await stage.revoke(ada, grant);
    await stage.groups.join(ada, group, bob);
    const ended = await stage.share(ada, { memoryId: over }, bob.id, {
      expiresAt: new Date(Date.now() - hour),
    });
    await stage.revoke(ada, ended);
    await his.silence();
    for (const id of [before, over]) expect(his.raw).not.toContain(id);
  });

  test('more than a hundred at once are one event that says so', async () => {
    const [ada, bob, cleo] = await stage.people(1, 1, 1);
    await using hers = await stage.listen(ada);
    await using his = await stage.listen(bob);
    await using cleos = await stage.listen(cleo);
    await stage
      .memories(ada)
      .submitAll(Array.from({ length: 101 }, (_, n) => ({ text: `${n}`, tags: ['all'] })));
    for (let n = 0; n < 101; n += 1) expect(await hers.next()).toMatchObject({ kind: 'SUBMITTED' });
    const group = await stage.groups.settled([ada, 'owner']);
    const grant = await stage.share(ada, { tags: ['all'] }, bob.id);
    const many = { kind: 'MANY', memoryId: null, ownerId: ada.id, memory: null };
    expect(await his.next()).toEqual(many);
    await stage.revoke(ada, grant);
    expect(await his.next()).toEqual(many);
    await stage.share(ada, { tags: ['all'] }, group);
    await stage.groups.join(ada, group, cleo);
    expect(await cleos.next()).toEqual({ ...many, ownerId: null });
    for (const each of [hers, his, cleos]) await each.silence();
  });

  test('when an owner goes, their readers hear that what they saw is gone', async () => {
    const [ada, bob] = await stage.people(1, 1);
    const id = await stage.keep(ada, 'for as long as I am here');
    await using his = await stage.listen(bob);
    await stage.share(ada, { memoryId: id }, bob.id);
    expect(await his.next()).toMatchObject({ kind: 'SHARED' });
    await stage.groups.deleteAccount(ada);
    expect(await his.next()).toEqual({ kind: 'UNSHARED', memoryId: id, ownerId: ada.id, memory: null });
    await his.silence();
  });

  test('a memory of a thousand audiences is told in notifications that fit, ids alone', async () => {
    const [ada, bob] = await stage.people(1, 1);
    const ids = await Promise.all([1, 2].map((n) => stage.keep(ada, `xylophone ${n}`)));
    await using his = await stage.listen(bob);
    await stage.as(ada, (sql) => {
      const audiences = [bob.id, ...Array.from({ length: 999 }, () => randomUUID())];
      return sql`
        insert into grants (owner_id, id, memory_id, audience_id, level, granted_by)
        select ${ada.id}, gen_random_uuid(), memory_id, audience_id, 'READ', ${ada.id}
        from unnest(${ids}::uuid[]) as memory_id cross join unnest(${audiences}::uuid[]) as audience_id`;
    });
    const told = [await his.next(), await his.next()];
    expect(told.map(({ memoryId }) => memoryId).toSorted()).toEqual(ids.toSorted());
    await his.silence();
    expect(Math.max(...heard.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000);
    expect(heard.join()).not.toContain('xylophone');
  });
});
