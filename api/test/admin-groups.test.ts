import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminStage } from './admin-stage.ts';

let stage: AdminStage;
beforeAll(async () => {
  stage = await AdminStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

const groups = async (args = ''): Promise<{ id: string; name: string; memberCount: number }[]> => {
  const { administration } = await stage.picard.data<{
    administration: { groups: { edges: { node: { id: string; name: string; memberCount: number } }[] } };
  }>(`{ administration { groups${args} { edges { node { id name memberCount } } } } }`);
  return administration.groups.edges.map(({ node }) => node);
};
const remove = (groupId: string, key?: string) => stage.change('removeGroup', { groupId }, '', key);

test('every group is listed with its members’ number, and found by a part of its name', async () => {
  const ada = await stage.person('ada');
  for (const name of ['Readers', 'Writers']) await stage.change('createGroup', { name }, '', ada.key);
  expect((await groups()).map(({ name, memberCount }) => [name, memberCount])).toEqual([
    ['Writers', 1],
    ['Readers', 1],
  ]);
  expect((await groups('(search: "READ")')).map(({ name }) => name)).toEqual(['Readers']);
  expect(await groups('(search: "%")')).toEqual([]);
});

test('a group that is removed is gone for its members, and so is what was shared with it', async () => {
  const { database } = stage.picard.picard.services;
  const [owner, member] = [await stage.person('owner'), await stage.person('member')];
  const made = await stage.change(
    'createGroup',
    { name: 'Shared' },
    '... on CreateGroupPayload { group { id } }',
    owner.key,
  );
  const groupId = (made['group'] as { id: string }).id;
  await database.asOwner(
    (sql) =>
      sql`insert into group_members (group_id, user_id, role) values (${groupId}, ${member.id}, 'member')`,
  );
  const submitted = await stage.submit(owner.key, 'For the group');
  const memoryId = (submitted['memory'] as { id: string }).id;
  await database.asOwner(
    (sql) => sql`
      insert into grants (owner_id, id, memory_id, audience_id, level, granted_by)
      values (${owner.id}, gen_random_uuid(), ${memoryId}, ${groupId}, 'READ', ${owner.id})`,
  );
  const sees = async (key: string) =>
    (await stage.picard.data<{ memory: object | null }>(`{ memory(id: "${memoryId}") { id } }`, {}, key))
      .memory;
  expect(await sees(member.key)).not.toBeNull();
  expect(await remove(groupId)).toMatchObject({ __typename: 'RemoveGroupPayload' });
  expect(await sees(member.key)).toBeNull();
  expect(await sees(owner.key)).not.toBeNull();
  expect((await groups()).map(({ name }) => name)).not.toContain('Shared');
  for (const id of [groupId, 'nonsense']) expect(await remove(id)).toMatchObject({ code: 'GROUP_NOT_FOUND' });
});

test('is for administrators alone, whoever owns the group', async () => {
  const eve = await stage.person('eve');
  expect(await stage.refusal('{ administration { groups { edges { cursor } } } }', eve.key)).toBe(
    'FORBIDDEN',
  );
  const [first] = await groups();
  const mutation = `mutation { removeGroup(input: { groupId: "${first?.id}" }) { __typename } }`;
  expect(await stage.refusal(mutation, eve.key)).toBe('FORBIDDEN');
});
