import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GroupsStage, type Came, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

const asOwner: TestPicard['picard']['services']['database']['asOwner'] = (work) =>
  picard.picard.services.database.asOwner(work);
const codes = (came: Came[]) => came.map(({ __typename, code }) => code ?? __typename).sort();

describe('how many there may be', () => {
  test('100 open invitations to a group, and one that ended makes room', async () => {
    const [owner, guest] = await stage.people(1, 2);
    const groupId = await stage.group(owner);
    await asOwner(
      (sql) => sql`
        insert into group_invitations (id, group_id, token_hash, role, expires_at)
        select gen_random_uuid(), ${groupId}, sha256(n::text::bytea), 'member', now() + interval '1 day'
        from generate_series(1, 98) n`,
    );
    const invite = (more: object = {}) => stage.does(owner, 'inviteToGroup', { groupId, ...more });
    const { invitation } = await invite({ handle: guest.handle });
    expect(codes(await Promise.all([invite(), invite(), invite()]))).toEqual([
      'GROUP_LIMIT',
      'GROUP_LIMIT',
      'InviteToGroupPayload',
    ]);
    expect((await invite())['message']).toContain('at most 100');
    // Who is invited already takes no other place.
    expect(await invite({ handle: guest.handle, role: 'MANAGER' })).toMatchObject({
      invitation: { id: invitation.id, role: 'MANAGER' },
    });
    await asOwner(
      (sql) => sql`update group_invitations set expires_at = now() where token_hash = sha256('1'::bytea)`,
    );
    expect(await invite()).toMatchObject({ __typename: 'InviteToGroupPayload' });
    expect(await invite()).toMatchObject({ code: 'GROUP_LIMIT' });
  });

  test('1,000 members in a group, and the invitation stays good', async () => {
    const [owner, ...crowd] = await stage.people(1, 2, 3, 4, 5, 6, 7);
    const groupId = await stage.group(owner);
    await asOwner(async (sql) => {
      await sql`
        insert into users (id, handle, display_name)
        select gen_random_uuid(), 'crowd-' || n, 'One of many' from generate_series(1, 998) n`;
      await sql`
        insert into group_members (group_id, user_id, role)
        select ${groupId}, id, 'member' from users where handle like 'crowd-%'`;
    });
    const comers: { who: Somebody; token: string }[] = [];
    for (const who of crowd) comers.push({ who, token: (await stage.link(owner, groupId)).token });
    const accept = ({ who, token }: (typeof comers)[number]) =>
      stage.does(who, 'acceptGroupInvitation', { token });
    const outcomes = await Promise.all(comers.map(accept));
    expect(codes(outcomes)).toEqual([
      'AcceptGroupInvitationPayload',
      ...crowd.slice(1).map(() => 'GROUP_LIMIT'),
    ]);
    const late = comers[outcomes.findIndex(({ code }) => code === 'GROUP_LIMIT')];
    if (!late) throw new Error('Nobody came late');
    await asOwner(
      (sql) => sql`
        delete from group_members
        where group_id = ${groupId} and user_id = (select id from users where handle = 'crowd-1')`,
    );
    expect(await accept(late)).toMatchObject({ group: { memberCount: 1_000 } });
  });

  test('200 groups of an account, made or joined', async () => {
    const [owner, busy] = await stage.people(1, 2);
    await asOwner(
      (sql) => sql`
        with made as (insert into groups (name) select 'Group ' || n from generate_series(1, 199) n returning id)
        insert into group_members (group_id, user_id, role) select id, ${busy.id}, 'owner' from made`,
    );
    const groupId = await stage.group(owner);
    const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: busy.handle });
    const make = () => stage.does(busy, 'createGroup', { name: 'One more' });
    const join = () => stage.does(busy, 'acceptGroupInvitation', { invitationId: invitation.id });
    const outcomes = codes(await Promise.all([make(), join(), make()]));
    expect(outcomes.filter((each) => each === 'GROUP_LIMIT')).toHaveLength(2);
    const { groups } = await countOf(busy);
    expect(groups).toBe(200);
    expect(await make()).toMatchObject({ code: 'GROUP_LIMIT', message: expect.stringContaining('200') });
  });

  const countOf = async ({ id }: Somebody): Promise<{ groups: number }> => {
    const [row] = await asOwner(
      (sql) => sql<{ groups: number }[]>`
        select count(*)::integer as groups from group_members where user_id = ${id}`,
    );
    return row ?? { groups: 0 };
  };
});
