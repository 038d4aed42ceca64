import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { mcpCall, post } from './mcp-requests.ts';
import { memoriesOf, present } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { statements } from './sharing-statements.ts';
import { SharingWorld } from './sharing-world.ts';

let picard: TestPicard;
let stranger: Somebody;
let friend: Somebody;
/** Memories that the stranger may not see, by why; and shares that are none of theirs. */
const foreign: Record<string, string> = {};
let foreignGrant: string;
beforeAll(async () => {
  picard = await startTestPicard();
  const world = new SharingWorld(picard);
  for (let count = 0; count < 3; count += 1) await world.addPerson();
  const [owner, other, asking] = world.people as [Somebody, Somebody, Somebody];
  [stranger, friend] = [asking, other];
  const plain = {
    tags: [],
    kind: 'NOTE',
    source: null,
    thread: null,
    visibility: 'SHARED',
    trashed: false,
  } as const;
  const whys = [
    'never shared',
    'shared with another',
    'revoked',
    'private',
    'in the trash',
    'expired',
    'its share is over',
  ];
  await world.submit(
    owner.id,
    whys.map(() => ({ ...plain, tags: [], expiry: 'never' })),
  );
  for (const [index, why] of whys.entries()) foreign[why] = present([...world.model.memories.keys()][index]);
  const share = (why: string, to: Somebody) =>
    world.grant({
      owner: owner.id,
      by: owner.id,
      on: { memory: present(foreign[why]) },
      to: to.id,
      level: 'SHARE',
      end: 'never',
    });
  foreignGrant = await share('shared with another', other);
  for (const why of ['revoked', 'private', 'in the trash', 'expired', 'its share is over']) {
    const id = present(foreign[why]);
    const grant = await share(why, stranger);
    if (why === 'revoked') await world.revoke(grant);
    if (why === 'private') await world.show(id, 'PRIVATE');
    if (why === 'in the trash') await world.trash(id);
    if (why === 'expired') await world.expire(id, 'over');
    if (why === 'its share is over') await world.endGrant(grant);
  }
  // A key is opened once in each process.
  for (let count = 0; count < 4; count += 1) await memoriesOf(picard, stranger.key).keep({ text: 'Mine' });
});
afterAll(() => picard[Symbol.asyncDispose]());

type Ask = (id: string) => Promise<string>;

const graphql =
  (document: string, more: (id: string) => object = () => ({})): Ask =>
  async (id) => {
    const { status, data, errors } = await picard.ask(document, { id, ...more(id) }, stranger.key);
    return JSON.stringify({ status, data, errors });
  };
const mutation = (name: string, input: (id: string) => object, selection = ''): Ask => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) {
    __typename ... on UserError { code message } ${selection} } }`;
  return async (id) => {
    const { status, data, errors } = await picard.ask(document, { input: input(id) }, stranger.key);
    return JSON.stringify({ status, data, errors });
  };
};
const tool =
  (name: string, args: (id: string) => object): Ask =>
  async (id) => {
    const mcp = await mcpCall(picard.url, '2025-11-25', stranger.key, name, args(id));
    const rest = await fetch(new URL('/api/tools', picard.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${stranger.key}` },
      body: JSON.stringify({ tool: name, data: args(id) }),
    });
    return `${mcp.status} ${await mcp.text()} ${rest.status} ${await rest.text()}`;
  };

/** Every way to name a memory by its id. */
const ways: Record<string, Ask> = {
  node: graphql('query ($id: ID!) { node(id: $id) { __typename id } }'),
  memory: graphql('query ($id: ID!) { memory(id: $id) { text visibility viewerLevel } }'),
  'versions of a memory': graphql(
    'query ($id: ID!) { memory(id: $id) { versions { edges { node { text } } } } }',
  ),
  'access of a memory': graphql(
    'query ($id: ID!) { memory(id: $id) { access { edges { node { level } } } } }',
  ),
  relatedMemories: graphql('query ($id: ID!) { relatedMemories(to: $id) { edges { score } } }'),
  updateMemory: mutation('updateMemory', (id) => ({ id, text: 'Mine now' })),
  'updateMemory of what its owner alone decides': mutation('updateMemory', (id) => ({
    id,
    visibility: 'PUBLIC',
  })),
  'updateMemory of a version': mutation('updateMemory', (id) => ({
    id,
    text: 'Mine now',
    expectedVersion: 7,
  })),
  updateMemories: mutation(
    'updateMemories',
    (id) => ({ memories: [{ id, text: 'Mine now' }] }),
    '... on UpdateMemoriesPayload { results { __typename ... on UserError { code message } } }',
  ),
  'updateMemories, all or none': mutation(
    'updateMemories',
    (id) => ({ memories: [{ id, text: 'Mine now' }], atomic: true }),
    '... on BatchRefused { failures { index code message } }',
  ),
  deleteMemory: mutation('deleteMemory', (id) => ({ id })),
  deleteMemories: mutation(
    'deleteMemories',
    (id) => ({ memories: [{ id }] }),
    '... on DeleteMemoriesPayload { results { __typename ... on UserError { code message } } }',
  ),
  undeleteMemory: mutation('undeleteMemory', (id) => ({ id })),
  restoreMemoryVersion: mutation('restoreMemoryVersion', (id) => ({ id, version: 1 })),
  shareMemory: mutation('shareMemory', (id) => ({ memoryId: id, with: { handle: friend.handle } })),
  'shareMemory with its owner or nobody': mutation('shareMemory', (id) => ({
    memoryId: id,
    with: { userId: id },
  })),
  revokeShare: mutation('revokeShare', (id) => ({ memoryId: id, from: { handle: friend.handle } })),
  modifyPermissions: mutation(
    'modifyPermissions',
    (id) => ({ memoryIds: [id], visibility: 'PUBLIC', share: [{ with: { handle: friend.handle } }] }),
    '... on ModifyPermissionsPayload { results { __typename ... on UserError { code message } } }',
  ),
  'modifyPermissions, all or none': mutation(
    'modifyPermissions',
    (id) => ({ memoryIds: [id], revoke: [{ handle: friend.handle }], atomic: true }),
    '... on BatchRefused { failures { index code message } }',
  ),
  get_memory: tool('get_memory', (memory_id) => ({ memory_id })),
  update_memory: tool('update_memory', (memory_id) => ({ memory_id, text: 'Mine now' })),
  delete_memory: tool('delete_memory', (memory_id) => ({ memory_id })),
  undelete_memory: tool('undelete_memory', (memory_id) => ({ memory_id })),
  share_memory: tool('share_memory', (memory_id) => ({ memory_id, handle: friend.handle })),
  revoke_share: tool('revoke_share', (memory_id) => ({ memory_id, handle: friend.handle })),
  who_can_see: tool('who_can_see', (memory_id) => ({ memory_id })),
  'memories://{id}': async (id) => {
    const headers = { authorization: `Bearer ${stranger.key}`, 'mcp-protocol-version': '2025-11-25' };
    const read = await post(picard.url, 'resources/read', { uri: `memories://${id}` }, headers);
    return `${read.status} ${await read.text()}`;
  },
};

const grantWays: Record<string, Ask> = {
  'node of a share': graphql('query ($id: ID!) { node(id: $id) { __typename id } }'),
  'revokeShare of a share': mutation('revokeShare', (grantId) => ({ grantId })),
};

/** Both as ids of one length, so that nothing but the id differs. */
async function expectAlike(ask: Ask, id: string): Promise<void> {
  const absent = randomUUID();
  const answers: string[] = [];
  const asked: string[][] = [];
  for (const each of [id, absent])
    asked.push(
      await statements(picard.instances, async () => {
        answers.push((await ask(each)).replaceAll(each, 'ID'));
      }),
    );
  expect(answers[0]).toBe(answers[1]);
  // What is asked wrongly is answered alike, and shows nothing.
  expect(answers[0]).not.toMatch(/UNKNOWN_TOOL|VALIDATION|INVALID_ARGUMENTS|INTERNAL/);
  expect(asked[0]).toEqual(asked[1]);
}

describe.each(Object.keys(ways))('%s', (name) => {
  const whys = [
    'never shared',
    'shared with another',
    'revoked',
    'private',
    'in the trash',
    'expired',
    'its share is over',
  ];
  test.each(whys)('answers for what is not theirs to see as for what is not there: %s', async (why) => {
    await expectAlike(present(ways[name]), present(foreign[why]));
  });
});

test.each(Object.keys(grantWays))(
  '%s that is none of theirs answers as for what is not there',
  async (name) => {
    await expectAlike(present(grantWays[name]), foreignGrant);
  },
);

test('what is asked of the database is watched', async () => {
  const made = await statements(picard.instances, () => present(ways['memory'])(present(foreign['private'])));
  expect(made.some((text) => text.includes('from memories m') || text.includes('memories m'))).toBe(true);
});
