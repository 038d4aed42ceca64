import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let stage: GroupsStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new GroupsStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Listed {
  list: {
    edges: { node: { id?: string; user: { id: string } } }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  };
}
interface Answered {
  viewer?: Listed;
  group: Listed;
}

describe('pages', () => {
  const PAGE = 'pageInfo { hasNextPage hasPreviousPage endCursor } edges { node';
  const lists = {
    groups: (size: number) => `viewer { list: groups(first: ${size}, after: $after) { ${PAGE} { id } } } }`,
    groupInvitations: (size: number) =>
      `viewer { list: groupInvitations(first: ${size}, after: $after) { ${PAGE} { id } } } }`,
    members: (size: number) =>
      `group: node(id: $id) { ... on Group { list: members(first: ${size}, after: $after) {
        ${PAGE} { user { id } } } } } }`,
    invitations: (size: number) =>
      `group: node(id: $id) { ... on Group { list: invitations(first: ${size}, after: $after) {
        ${PAGE} { id } } } } }`,
  };

  /** Every id, a page after the other, and how many pages it took. */
  async function walk(who: Somebody, list: keyof typeof lists, size: number, groupId: string) {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 1; ; pages += 1) {
      const document = `query ($after: String) { ${lists[list](size)} }`.replace('$id', `"${groupId}"`);
      const data: Answered = await picard.data<Answered>(document, { after }, who.key);
      const { edges, pageInfo }: Listed['list'] = (data.viewer ?? data.group).list;
      seen.push(...edges.map(({ node }) => node.id ?? node.user.id));
      expect(pageInfo.hasPreviousPage).toBe(pages > 1);
      if (!pageInfo.hasNextPage) return { seen, pages };
      after = pageInfo.endCursor;
    }
  }

  test('of groups, members and invitations tell each once, in one order', async () => {
    const [owner, guest, ...others] = await stage.people(1, 2, 3, 4, 5, 6, 7);
    const groups: string[] = [];
    const links: string[] = [];
    const invited: string[] = [];
    for (const _each of others) {
      const groupId = await stage.group(owner);
      groups.push(groupId);
      const { invitation } = await stage.does(owner, 'inviteToGroup', { groupId, handle: guest.handle });
      invited.push(invitation.id);
    }
    const [id = ''] = groups;
    for (const other of others) await stage.join(owner, id, other);
    for (const _each of others) links.push((await stage.link(owner, id)).id);
    const members = [owner, ...others].map((each) => each.id);
    for (const [who, list, size, pages, expected] of [
      [owner, 'groups', 2, 3, groups],
      [guest, 'groupInvitations', 5, 1, invited],
      [owner, 'members', 4, 2, members],
      [owner, 'invitations', 3, 2, [...links, ...invited.slice(0, 1)]],
    ] as const) {
      const whole = await walk(who, list, 100, id);
      expect([...whole.seen].sort()).toEqual([...expected].sort());
      expect(await walk(who, list, size, id)).toEqual({ seen: whole.seen, pages });
    }
  });

  test('the longest-standing member comes first, and the group last joined', async () => {
    const [owner, manager, member] = await stage.people(1, 2, 3);
    const [first, second] = [
      await stage.settled([member, 'member'], [owner, 'owner'], [manager, 'manager']),
      await stage.settled([manager, 'member'], [member, 'owner']),
    ];
    expect((await stage.members(owner, first))?.map(({ handle }) => handle)).toEqual(
      [member, owner, manager].map(({ handle }) => handle),
    );
    expect(await stage.groupsOf(member)).toEqual([second, first]);
    expect(await stage.groupsOf(manager)).toEqual([first, second]);
  });

  test.each(['groups', 'groupInvitations'])('%s refuses a size and a cursor that are none', async (field) => {
    const { key } = await stage.somebody();
    for (const args of ['first: 0', 'first: 101', 'after: "x"', 'after: "WyJhIiwiYiJd"']) {
      const { errors } = await picard.ask(`{ viewer { ${field}(${args}) { edges { cursor } } } }`, {}, key);
      expect([args, errors?.[0]?.extensions['code']]).toEqual([args, 'INVALID_INPUT']);
    }
  });
});
