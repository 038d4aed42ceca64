import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { anywhere, ask, signedIn } from './accounts-people.ts';
import { activity, added, allActivity, submit, type Told } from './audit-stage.ts';
import { mcpCall } from './mcp-requests.ts';
import { OauthStage } from './oauth-stage.ts';
import type { TestPicard } from './picard.ts';

let stage: OauthStage;
let picard: TestPicard;
let key: string;
let keyId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  ({ picard, key } = stage);
  const { viewer } = await picard.data<{ viewer: { apiKeys: { edges: { node: { id: string } }[] } } }>(
    '{ viewer { apiKeys { edges { node { id } } } } }',
    {},
    key,
  );
  keyId = viewer.apiKeys.edges[0]?.node.id ?? '';
});
afterAll(() => stage[Symbol.asyncDispose]());

const kinds = (entries: readonly Told[]) => entries.map(({ kind }) => kind);
/** What each entry of an act with the key has. */
const byKey = (operation: string | null) => ({
  accountId: stage.accountId,
  actorId: stage.accountId,
  apiKeyId: keyId,
  appId: null,
  face: 'GRAPHQL',
  operation,
});
const does = <Data>(query: string, variables: Record<string, unknown> = {}) =>
  picard.data<Data>(query, variables, key);

describe('P42 each act is in the log once, with who did it and through what', () => {
  test('P42 a memory: submitted, changed, thrown away, brought back', async () => {
    let id = '';
    const entries = await added(picard, key, async () => {
      id = await submit(picard, key, 'Tea');
      await does(
        `mutation Change($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }`,
        { input: { id, text: 'Green tea', tags: ['drinks'] } },
      );
      await does(`mutation Throw($id: ID!) { deleteMemory(input: { id: $id }) { __typename } }`, { id });
      await does(`mutation Back($id: ID!) { undeleteMemory(input: { id: $id }) { __typename } }`, { id });
    });
    const subject = { subjectIds: [id], subjectCount: 1 };
    expect(entries).toMatchObject([
      { kind: 'MEMORY_SUBMITTED', ...byKey('Write'), ...subject, details: {} },
      { kind: 'MEMORY_UPDATED', ...byKey('Change'), ...subject, details: { changed: 'text, tags' } },
      { kind: 'MEMORY_DELETED', ...byKey('Throw'), ...subject },
      { kind: 'MEMORY_UNDELETED', ...byKey('Back'), ...subject },
    ]);
  });

  test('P42 a batch is one entry', async () => {
    const memories = Array.from({ length: 50 }, (_, index) => ({ text: `Fact ${index}` }));
    const entries = await added(picard, key, () =>
      does('mutation ($input: SubmitMemoriesInput!) { submitMemories(input: $input) { __typename } }', {
        input: { memories },
      }),
    );
    expect(entries).toMatchObject([{ kind: 'MEMORY_SUBMITTED', subjectCount: 50, operation: null }]);
    expect(new Set(entries[0]?.subjectIds).size).toBe(50);
  });

  test('P42 what came to nothing is in no log', async () => {
    const id = await submit(picard, key, 'Kept');
    const entries = await added(picard, key, async () => {
      const update = `mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }`;
      await does(update, { input: { id, text: 'Other', expectedVersion: 7 } });
      const { database } = picard.picard.services;
      const undone = database.forViewer(stage.accountId, async (sql) => {
        await sql`update memories set deleted_at = now() where id = ${id}`;
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
    });
    expect(entries).toEqual([]);
  });

  test('P42 API keys and the profile', async () => {
    const entries = await added(picard, key, async () => {
      const { createApiKey } = await does<{ createApiKey: { apiKey: { id: string } } }>(
        `mutation { createApiKey(input: { name: "Laptop", scopes: [MEMORIES_READ], faces: [MCP] }) {
          ... on CreateApiKeyPayload { apiKey { id } } } }`,
      );
      const { id } = createApiKey.apiKey;
      await does('mutation ($id: ID!) { rotateApiKey(input: { id: $id }) { __typename } }', { id });
      await does('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', { id });
      await does('mutation { updateProfile(input: { about: "Likes tea" }) { __typename } }');
    });
    expect(entries).toMatchObject([
      { kind: 'API_KEY_CREATED', ...byKey(null), details: { scopes: 'memories:read', faces: 'mcp' } },
      { kind: 'API_KEY_ROTATED', ...byKey(null) },
      { kind: 'API_KEY_REVOKED', ...byKey(null) },
      { kind: 'PROFILE_UPDATED', ...byKey(null), details: { changed: 'about' } },
    ]);
  });

  test('P42 an export that begins', async () => {
    const entries = await added(picard, key, () => does('query TakeAlong { viewer { export { begunAt } } }'));
    expect(entries).toMatchObject([{ kind: 'EXPORT_BEGUN', ...byKey('TakeAlong') }]);
  });

  test('P42 an app: allowed by its person on a page, and what it does over MCP, by its name', async () => {
    let clientId = '';
    const entries = await added(picard, key, async () => {
      clientId = await stage.host();
      const tokens = await stage.tokens(clientId, { resource: stage.resources.mcp });
      const args = { text: 'By an assistant' };
      const answer = await mcpCall(picard.url, '2026-07-28', tokens.access_token, 'submit_memory', args);
      expect(answer.status).toBe(200);
      await answer.text();
      const change = (field: string) =>
        does(`mutation ($clientId: ID!) { ${field}(input: { clientId: $clientId }) { __typename } }`, {
          clientId,
        });
      await change('pauseConnectedApp');
      await change('resumeConnectedApp');
      await change('disconnectApp');
    });
    expect(kinds(entries)).toEqual([
      'SIGNED_IN',
      'SESSION_BEGUN',
      'APP_ALLOWED',
      'APP_CONNECTED',
      'MEMORY_SUBMITTED',
      'APP_PAUSED',
      'APP_RESUMED',
      'APP_ACCESS_ENDED',
      'APP_DISCONNECTED',
    ]);
    const self = { actorId: stage.accountId, apiKeyId: null, appId: null };
    expect(entries.slice(0, 5)).toMatchObject([
      { ...self, face: 'PAGE', details: { means: 'password' } },
      { ...self, face: 'OAUTH' },
      { ...self, face: 'PAGE', details: { app: clientId } },
      { ...self, face: 'PAGE', details: { app: clientId } },
      { ...self, face: 'MCP', appId: clientId, operation: 'SubmitMemory' },
    ]);
  });

  test('P42 sign-ins: a failed one is nobody’s act, and only so many an hour are written', async () => {
    const { services } = picard.picard;
    const before = await activity(picard, key, { filter: { kinds: ['SIGN_IN_FAILED'] } });
    const wrong = { handle: 'ada', password: 'not this one' };
    expect(await signInWithPassword(services, wrong, anywhere())).toBeNull();
    const failures = async () => activity(picard, key, { filter: { kinds: ['SIGN_IN_FAILED'] } });
    const told = (count: number) =>
      expect.poll(async () => (await failures()).length, { timeout: 10_000 }).toBe(count);
    await told(before.length + 1);
    expect((await failures())[0]).toMatchObject({ actorId: null, details: { means: 'password' } });
    for (let attempt = 0; attempt < 25; attempt += 1) await signInWithPassword(services, wrong, anywhere());
    await told(20);
    // They are written within a second of the answers: any that were too many have come by now.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await failures()).length).toBe(20);
  });

  test('P42 passwords, and the sessions that a new one ends', async () => {
    const viewer = signedIn(stage.accountId);
    const entries = await added(picard, key, async () => {
      const change = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename } }`;
      const input = { currentPassword: stage.person.password, newPassword: 'another quiet morning' };
      expect(await ask(picard, viewer, change, { input })).toMatchObject({
        __typename: 'ChangePasswordPayload',
      });
      await ask(picard, viewer, 'mutation { renewRecoveryCodes { __typename } }');
    });
    expect(kinds(entries)).toEqual(expect.arrayContaining(['PASSWORD_CHANGED', 'RECOVERY_CODES_RENEWED']));
    expect(kinds(entries).filter((kind) => kind === 'PASSWORD_CHANGED')).toHaveLength(1);
  });

  test('P42 master keys, in the server’s own log', async () => {
    await picard.data('mutation Rotate { rotateMasterKey { masterKeyVersion } }');
    const [entry] = await allActivity(picard, { first: 1 });
    expect(entry).toMatchObject({
      kind: 'MASTER_KEY_ROTATED',
      accountId: null,
      operation: 'Rotate',
      actorId: expect.any(String),
      details: { version: '2' },
    });
  });
});
