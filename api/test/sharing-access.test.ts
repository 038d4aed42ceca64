import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SharingStage } from './sharing-stage.ts';

let picard: TestPicard;
let stage: SharingStage;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new SharingStage(picard);
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Paged {
  memory: {
    access: { edges: { node: { via: string } }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  };
}

const node = async (who: Somebody, id: string) =>
  (
    await picard.data<{ node: { __typename: string } | null }>(
      'query ($id: ID!) { node(id: $id) { __typename } }',
      { id },
      who.key,
    )
  ).node?.__typename ?? null;

describe('who can see a memory, and why', () => {
  test('the owner is told of all: by name, by group, by rule, and everyone', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const groupId = await stage.settled([ada, 'owner'], [carol, 'member']);
    const id = await stage.memory(ada, { tags: ['open'], visibility: 'PUBLIC' });
    await stage.share(ada, id, bob, { level: 'SHARE' });
    await stage.share(ada, id, { groupId }, { level: 'WRITE' });
    const byRule = await stage.shares(ada, 'shareByRule', { rule: { tags: ['open'] }, with: { groupId } });
    await stage.share(bob, id, dan);
    expect(await stage.access(ada, id)).toEqual([
      `${ada.handle} OWNER OWNER`,
      'Everyone READ PUBLIC',
      `${bob.handle} SHARE DIRECT`,
      'Lighthouse keepers WRITE GROUP',
      'Lighthouse keepers READ RULE',
      `${dan.handle} READ DIRECT`,
    ]);
    const [owner, everyone, , , rule, passed] = (await stage.accessOf(ada, id)) ?? [];
    expect([owner?.grant, everyone?.grant]).toEqual([null, null]);
    expect(rule?.grant).toMatchObject({ id: byRule.grant.id, rule: { tags: ['open'] } });
    expect(passed?.grant).toMatchObject({ rule: null, grantedBy: { handle: bob.handle } });
  });

  test('others are told of the owner, and of what lets themselves in', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const groupId = await stage.settled([ada, 'owner'], [carol, 'member']);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob);
    await stage.share(ada, id, { groupId }, { level: 'WRITE' });
    expect(await stage.access(bob, id)).toEqual([`${ada.handle} OWNER OWNER`, `${bob.handle} READ DIRECT`]);
    expect(await stage.access(carol, id)).toEqual([
      `${ada.handle} OWNER OWNER`,
      'Lighthouse keepers WRITE GROUP',
    ]);
    expect(await stage.access(dan, id)).toBeNull();
  });

  test('a group that the owner has left is told by its name, and goes on seeing what was shared', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const groupId = await stage.settled([bob, 'owner'], [ada, 'member']);
    const id = await stage.memory(ada);
    const { grant } = await stage.share(ada, id, { groupId });
    await stage.does(ada, 'leaveGroup', { groupId });
    expect((await stage.accessOf(ada, id))?.[1]?.principal).toEqual({
      __typename: 'FormerGroup',
      groupName: 'Lighthouse keepers',
    });
    expect(await stage.level(bob, id)).toBe('READ');
    expect(await stage.share(ada, id, { groupId })).toMatchObject({ code: 'GRANTEE_NOT_FOUND' });
    expect(await node(ada, groupId)).toBeNull();
    expect(await stage.shares(ada, 'revokeShare', { memoryId: id, from: { groupId } })).toMatchObject({
      grantIds: [grant.id],
    });
    expect(await stage.level(bob, id)).toBeNull();
  });

  test('comes in pages', async () => {
    const [ada, ...others] = await stage.people(1, 2, 3, 4);
    const id = await stage.memory(ada, { visibility: 'PUBLIC' });
    for (const who of others) await stage.share(ada, id, who);
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { memory }: Paged = await picard.data<Paged>(
        `query ($id: ID!, $after: String) { memory(id: $id) { access(first: 2, after: $after) {
          edges { node { via } } pageInfo { endCursor hasNextPage } } } }`,
        { id, after },
        ada.key,
      );
      seen.push(...memory.access.edges.map((edge) => edge.node.via));
      if (!memory.access.pageInfo.hasNextPage) break;
      after = memory.access.pageInfo.endCursor;
    }
    expect(seen).toEqual(['OWNER', 'PUBLIC', 'DIRECT', 'DIRECT', 'DIRECT']);
  });

  test('a share is a node for its owner and its grantor alone', async () => {
    const [ada, bob, carol, dan] = await stage.people(1, 2, 3, 4);
    const id = await stage.memory(ada);
    await stage.share(ada, id, bob, { level: 'SHARE' });
    const { grant } = await stage.share(bob, id, carol);
    expect(await Promise.all([ada, bob, carol, dan].map((who) => node(who, grant.id)))).toEqual([
      'Grant',
      'Grant',
      null,
      null,
    ]);
    expect(await node(ada, randomUUID())).toBeNull();
  });

  test('whoever shares with somebody sees who they are, and no other stranger', async () => {
    const [ada, bob, carol] = await stage.people(1, 2, 3);
    const user = async (who: Somebody, other: Somebody) =>
      (
        await picard.data<{ user: { handle: string } | null }>(
          'query ($id: ID!) { user(id: $id) { handle } }',
          { id: other.id },
          who.key,
        )
      ).user?.handle ?? null;
    const id = await stage.memory(ada);
    const { grant } = await stage.share(ada, id, bob);
    expect([await user(ada, bob), await user(bob, ada)]).toEqual([bob.handle, ada.handle]);
    expect([await user(carol, ada), await user(ada, carol)]).toEqual([null, null]);
    await stage.shares(ada, 'revokeShare', { grantId: grant.id });
    expect([await user(ada, bob), await user(bob, ada)]).toEqual([null, null]);
  });
});

describe('public memories', () => {
  test('everybody who is signed in reads them, and nobody without a credential', async () => {
    const [ada, bob] = await stage.people(1, 2);
    const id = await stage.memory(ada, { visibility: 'PUBLIC' });
    expect(await stage.level(bob, id)).toBe('READ');
    expect(await stage.list(bob, { owner: ada.id, visibility: ['PUBLIC'] })).toEqual([id]);
    expect(await stage.share(bob, id, ada)).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(await stage.update(bob, id, { visibility: 'PRIVATE' })).not.toBe('UpdateMemoryPayload');
    const anonymous = await picard.ask('query ($id: ID!) { memory(id: $id) { text } }', { id }, null);
    expect(anonymous.status).toBe(401);
    await stage.update(ada, id, { visibility: 'SHARED' });
    expect(await stage.level(bob, id)).toBeNull();
  });
});
