import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminStage, aSecond } from './admin-stage.ts';

let stage: AdminStage;
beforeAll(async () => {
  stage = await AdminStage.open();
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('the list of accounts', () => {
  test('goes page by page, the newest first, and by handle, state and who is an administrator', async () => {
    for (const handle of ['list-a', 'list-b', 'list-c']) await stage.person(handle);
    const handles = async (args: string) => (await stage.users(args)).map(({ handle }) => handle);
    expect(await handles('(filter: { search: "LIST-" })')).toEqual(['list-c', 'list-b', 'list-a']);
    expect(await handles('(filter: { search: "t-b" })')).toEqual(['list-b']);
    expect(await handles('(filter: { search: "%" })')).toEqual([]);
    expect(await handles('(filter: { administrator: true })')).toEqual(['admin']);
    const { administration } = await stage.picard.data<{
      administration: { users: { pageInfo: { endCursor: string; hasNextPage: boolean } } };
    }>(
      '{ administration { users(first: 2, filter: { search: "list-" }) { pageInfo { endCursor hasNextPage } } } }',
    );
    const { endCursor, hasNextPage } = administration.users.pageInfo;
    expect(hasNextPage).toBe(true);
    expect(await handles(`(after: "${endCursor}", filter: { search: "list-" })`)).toEqual(['list-a']);
  });

  test('counts what somebody has, and tells nothing of what it is', async () => {
    const ada = await stage.person('count-ada');
    await stage.submit(ada.key, 'A text of which nobody else is to know');
    const second = await stage.submit(ada.key, 'Another one');
    await stage.change('deleteMemory', { id: (second['memory'] as { id: string }).id }, '', ada.key);
    await stage.change('createGroup', { name: 'Readers' }, '', ada.key);
    const user = await stage.user(ada.id);
    expect(user).toMatchObject({
      memoryCount: 1,
      groupCount: 1,
      appCount: 0,
      apiKeyCount: 1,
      state: 'ACTIVE',
    });
    // Sealing adds 29 bytes to each text; what is in the trash takes room.
    expect(user?.storageBytes).toBe(
      'A text of which nobody else is to know'.length + 'Another one'.length + 58,
    );
    expect(user?.lastActiveAt).not.toBeNull();
  });

  test('is for administrators alone', async () => {
    const { key, id } = await stage.person('nosy');
    expect(await stage.refusal('{ administration { users { edges { cursor } } } }', key)).toBe('FORBIDDEN');
    for (const field of ['suspendUser', 'resumeUser']) {
      const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
      const mutation = `mutation ($input: ${type}) { ${field}(input: $input) { __typename } }`;
      expect(await stage.refusal(mutation, key, { input: { userId: id } })).toBe('FORBIDDEN');
    }
    expect(
      await stage.refusal(
        'mutation ($input: SetAdministratorInput!) { setAdministrator(input: $input) { __typename } }',
        key,
        { input: { userId: id, administrator: true } },
      ),
    ).toBe('FORBIDDEN');
  });
});

describe('administrators', () => {
  const NAMES = '... on SetAdministratorPayload { user { administrator } }';
  const set = (userId: string, administrator: boolean, key?: string) =>
    stage.change('setAdministrator', { userId, administrator }, NAMES, key);
  const adminKey = async (handle: string) => {
    const person = await stage.person(handle);
    await set(person.id, true);
    await stage.picard.picard.services.database.asOwner(
      (sql) => sql`update api_keys set scopes = scopes || '{memories:admin}' where owner_id = ${person.id}`,
    );
    await aSecond();
    return person;
  };

  test('one that is made can do it, and is refused within a second of being unmade', async () => {
    const eve = await adminKey('eve');
    expect(await stage.users('(first: 1)', eve.key)).toHaveLength(1);
    expect(await set(eve.id, false)).toMatchObject({ user: { administrator: false } });
    await aSecond();
    expect(await stage.refusal('{ administration { users { edges { cursor } } } }', eve.key)).toBe(
      'FORBIDDEN',
    );
  });

  test('what was authenticated before is refused by the database at once', async () => {
    const { services, http } = stage.picard.picard;
    const eve = await adminKey('eve-again');
    const viewer = await http.oauth.authenticate(eve.key, 'graphql');
    expect(viewer?.administrator).toBe(true);
    await set(eve.id, false);
    await expect(
      services.database.forAdministrator(eve.id, (sql) => sql`select id from users`),
    ).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  test('the last one stays', async () => {
    const own = await stage.idOf(stage.picard.key);
    expect(await set(own, false)).toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    expect(await stage.change('suspendUser', { userId: own })).toMatchObject({ code: 'INVALID_INPUT' });
    // One who is suspended does not count.
    const idle = await adminKey('idle');
    await stage.change('suspendUser', { userId: idle.id });
    expect(await set(own, false)).toMatchObject({ code: 'LAST_ADMINISTRATOR' });
    expect(await stage.user(own)).toMatchObject({ administrator: true });
  });

  test('of two who unmake or suspend each other at once, one remains', async () => {
    const own = await stage.idOf(stage.picard.key);
    for (let round = 0; round < 4; round += 1) {
      const [one, other] = [await adminKey(`one-${round}`), await adminKey(`other-${round}`)];
      const act = (by: { key: string }, on: { id: string }) =>
        round % 2 === 0
          ? set(on.id, false, by.key).catch(() => null)
          : stage.change('suspendUser', { userId: on.id }, '', by.key).catch(() => null);
      await Promise.all([act(one, other), act(other, one)]);
      const left = [await stage.user(one.id), await stage.user(other.id)].filter(
        (user) => user?.administrator && user.state === 'ACTIVE',
      );
      expect(left).toHaveLength(1);
      for (const { id } of [one, other]) {
        await stage.change('suspendUser', { userId: id });
      }
    }
    expect(await stage.user(own)).toMatchObject({ administrator: true, state: 'ACTIVE' });
  });

  test('an id that is none, or of nobody, is told by name', async () => {
    for (const userId of ['nonsense', crypto.randomUUID()])
      expect(await set(userId, true)).toMatchObject({ __typename: 'UserNotFound', code: 'USER_NOT_FOUND' });
  });
});
