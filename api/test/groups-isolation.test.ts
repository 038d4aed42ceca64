import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, everybody, openCast } from './groups-cast.ts';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
let groupId: string;
let cast: Cast;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
  ({ cast, groupId } = await openCast(stage));
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('a group of others', () => {
  const refusals: [string, Record<string, unknown>][] = [
    ['updateGroup', { name: 'Mine' }],
    ['deleteGroup', {}],
    ['inviteToGroup', {}],
    ['inviteToGroup', { handle: 'outsider' }],
    ['inviteToGroup', { handle: 'nobody-at-all' }],
    ['changeGroupRole', { userId: '<owner>', role: 'MEMBER' }],
    ['changeGroupRole', { userId: '<self>', role: 'MEMBER' }],
    ['removeGroupMember', { userId: '<owner>' }],
    ['removeGroupMember', { userId: '<self>' }],
    ['leaveGroup', {}],
  ];
  test.each(refusals)('is as one that is not there: %s %o', async (mutation, input) => {
    for (const who of [cast.outsider, cast.invitee]) {
      const answers = new Set<string>();
      for (const id of [groupId, randomUUID(), 'no id at all']) {
        const userId = { '<owner>': cast.owner.id, '<self>': who.id }[String(input['userId'])];
        const came = await stage.does(who, mutation, { ...input, groupId: id, ...(userId && { userId }) });
        expect(came).toMatchObject({ __typename: 'GroupNotFound', code: 'GROUP_NOT_FOUND' });
        answers.add(JSON.stringify(came).replaceAll(id, '<id>'));
      }
      expect(answers.size).toBe(1);
    }
  });

  test('is found by whoever is in it, and by nobody else', async () => {
    const found = await Promise.all(
      everybody.map(async (each) => [each, (await stage.members(cast[each], groupId))?.length ?? null]),
    );
    expect(Object.fromEntries(found)).toEqual({
      owner: 5,
      manager: 5,
      member: 5,
      aManager: 5,
      aMember: 5,
      invitee: null,
      outsider: null,
    });
  });

  test('has invitations for its owners and managers alone', async () => {
    expect(await stage.invitationsOf(cast.owner, groupId)).toHaveLength(2);
    expect(await stage.invitationsOf(cast.manager, groupId)).toHaveLength(2);
    expect(await stage.invitationsOf(cast.member, groupId)).toEqual([]);
  });

  test('lets people see each other, and whom they invited or were invited by, and no others', async () => {
    const seen = async (who: Somebody, whom: Somebody): Promise<boolean> => {
      const { user } = await picard.data<{ user: unknown }>(
        'query ($id: ID!) { user(id: $id) { handle displayName about } }',
        { id: whom.id },
        who.key,
      );
      return user !== null;
    };
    expect(await seen(cast.member, cast.aMember)).toBe(true);
    expect(await seen(cast.invitee, cast.owner)).toBe(true);
    expect(await seen(cast.manager, cast.invitee)).toBe(true);
    expect(await seen(cast.invitee, cast.manager)).toBe(false);
    expect(await seen(cast.member, cast.invitee)).toBe(false);
    expect(await seen(cast.outsider, cast.owner)).toBe(false);
    expect(await seen(cast.owner, cast.outsider)).toBe(false);
  });
});
