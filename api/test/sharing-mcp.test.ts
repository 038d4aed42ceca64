import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { connectPerson, type Person } from './mcp-asking-host.ts';
import type { Era } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingStage } from './sharing-stage.ts';

let picard: TestPicard;
let stage: SharingStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new SharingStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

/** What a host gets, of whatever shape. */
type Answer = Record<string, ReturnType<JSON['parse']>>;

interface Told {
  isError?: boolean;
  content: { text: string }[];
  structuredContent?: Answer;
}

describe.each<Era>(['2026-07-28', '2025-11-25'])('sharing through a host, %s', (era) => {
  const call = async (
    who: Somebody,
    name: string,
    args: Record<string, unknown>,
    person?: Person,
  ): Promise<Told> => {
    const client = await connectPerson(picard.url, era, who.key, person);
    try {
      return (await client.callTool({ name, arguments: args })) as unknown as Told;
    } finally {
      await client.close();
    }
  };
  const does = async (who: Somebody, name: string, args: Record<string, unknown>) => {
    const told = await call(who, name, args);
    expect(told, JSON.stringify(told.content)).not.toHaveProperty('isError', true);
    return told.structuredContent as Answer;
  };
  const refusal = async (who: Somebody, name: string, args: Record<string, unknown>) => {
    const told = await call(who, name, args);
    expect(told.isError).toBe(true);
    return told.content.map(({ text }) => text).join('\n');
  };
  const sees = async (who: Somebody, id: string) => {
    const told = await call(who, 'get_memory', { memory_id: id });
    return told.isError ? null : told.structuredContent?.['memory'].text;
  };

  test('from owner to reader, to passer-on, to group, and back', async () => {
    const [ada, reader, passer, member, stranger] = await stage.people(1, 2, 3, 4, 5);
    const groupId = await stage.settled([ada, 'owner'], [member, 'member']);
    const id = await stage.memory(ada);
    const shared = await does(ada, 'share_memory', { memory_id: id, handle: reader.handle, level: 'read' });
    expect(shared['result'].grant).toMatchObject({ level: 'READ', grantee: { handle: reader.handle } });
    await does(ada, 'share_memory', { memory_id: id, user_id: passer.id, level: 'SHARE' });
    const { viewer } = await does(member, 'list_groups', {});
    expect(viewer.groups.edges[0].node).toMatchObject({
      group_id: groupId,
      viewer_role: 'MEMBER',
      member_count: 2,
    });
    await does(ada, 'share_memory', { memory_id: id, group_id: groupId, level: 'Write' });
    expect(await Promise.all([reader, passer, member, stranger].map((who) => sees(who, id)))).toEqual([
      'Mira lives in Oslo.',
      'Mira lives in Oslo.',
      'Mira lives in Oslo.',
      null,
    ]);

    await does(passer, 'share_memory', { memory_id: id, handle: stranger.handle });
    const { memory } = await does(ada, 'who_can_see', { memory_id: id });
    expect(
      memory.access.edges.map(({ node: { principal, level, via } }: Answer) => [
        principal.handle ?? principal.name,
        level,
        via,
      ]),
    ).toEqual([
      [ada.handle, 'OWNER', 'OWNER'],
      [reader.handle, 'READ', 'DIRECT'],
      [passer.handle, 'SHARE', 'DIRECT'],
      ['Lighthouse keepers', 'WRITE', 'GROUP'],
      [stranger.handle, 'READ', 'DIRECT'],
    ]);
    expect((await does(reader, 'who_can_see', { memory_id: id }))['memory']).toMatchObject({
      viewer_level: 'READ',
    });

    const grantId = memory.access.edges[2].node.grant.grant_id;
    expect(await does(ada, 'revoke_share', { grant_id: grantId })).toMatchObject({
      result: { grant_ids: [grantId], memory: { memory_id: id } },
    });
    expect(await Promise.all([passer, stranger].map((who) => sees(who, id)))).toEqual([null, null]);
    await does(ada, 'revoke_share', { memory_id: id, handle: reader.handle });
    expect(await sees(reader, id)).toBeNull();
    expect(await sees(member, id)).toBe('Mira lives in Oslo.');
    await stage.does(member, 'leaveGroup', { groupId });
    expect(await sees(member, id)).toBeNull();
  });

  test('what fails says why, and what to do', async () => {
    const [ada, reader, stranger] = await stage.people(1, 2, 3);
    const id = await stage.memory(ada);
    await stage.share(ada, id, reader);
    expect(await refusal(reader, 'share_memory', { memory_id: id, handle: stranger.handle })).toContain(
      'NOT_PERMITTED',
    );
    expect(await refusal(stranger, 'share_memory', { memory_id: id, handle: reader.handle })).toContain(
      'MEMORY_NOT_FOUND',
    );
    expect(await refusal(ada, 'share_memory', { memory_id: id, handle: 'nobody-at-all' })).toContain(
      'list_groups',
    );
    const self = await refusal(ada, 'share_memory', { memory_id: id, user_id: ada.id });
    expect(self).toContain('user_id must be somebody else');
    expect(await refusal(ada, 'share_memory', { memory_id: id })).toContain('handle must be given');
    expect(await refusal(ada, 'revoke_share', { memory_id: id, handle: stranger.handle })).toContain(
      'GRANT_NOT_FOUND',
    );
    expect(await refusal(ada, 'revoke_share', { memory_id: id })).toContain('grant_id must be given');
    expect(await refusal(stranger, 'who_can_see', { memory_id: id })).toContain('MEMORY_NOT_FOUND');
  });

  test('the person is asked before many memories change, and nothing changes unless they agree', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const ids = [await stage.memory(ada), await stage.memory(ada)];
    const args = {
      memory_ids: ids,
      visibility: 'public',
      share: [{ with: { handle: bob.handle }, level: 'write', expires_at: '2099-01-01T00:00:00Z' }],
    };
    const no: Person = { agrees: false, asked: [] };
    expect(await call(ada, 'modify_permissions', { ...args, confirmed: true }, no)).toMatchObject({
      isError: true,
    });
    expect(no.asked).toEqual(['Change who may see 2 memories? PUBLIC']);
    expect(await refusal(ada, 'modify_permissions', args)).toContain('CONFIRMATION_REQUIRED');
    expect(await sees(bob, ids[0] as string)).toBeNull();
    const yes = await call(ada, 'modify_permissions', args, { agrees: true, asked: [] });
    expect(yes.structuredContent?.['result']).toMatchObject({ succeeded: 2, failed: 0 });
    expect(await stage.levels(ids[1] as string, bob)).toEqual(['WRITE']);
    await call(ada, 'modify_permissions', {
      memory_ids: ids,
      visibility: 'PRIVATE',
      revoke: [{ handle: bob.handle }],
      confirmed: true,
    });
    expect(await sees(bob, ids[0] as string)).toBeNull();
    expect(await stage.grantsOf(ada)).toEqual([]);
  });

  test('a memory that is kept private stays so, whatever is shared by rule', async () => {
    const [ada, bob] = await stage.people(1, 2);
    await stage.shares(ada, 'shareByRule', { rule: { tags: ['open'] }, with: { handle: bob.handle } });
    const submit = (more: object) =>
      does(ada, 'submit_memory', { text: 'Ada likes tea.', tags: ['open'], ...more });
    const open = (await submit({}))['result'].memory.memory_id;
    const hidden = (await submit({ visibility: 'private' }))['result'].memory.memory_id;
    expect([await sees(bob, open), await sees(bob, hidden)]).toEqual(['Ada likes tea.', null]);
    await does(ada, 'update_memory', { memory_id: hidden, visibility: 'shared' });
    expect(await sees(bob, hidden)).toBe('Ada likes tea.');
  });
});
