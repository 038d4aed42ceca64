import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../src/accounts/sign-in-with-recovery-code.ts';
import { createAccountLink } from '../src/accounts/create-account-link.ts';
import { resetPassword } from '../src/accounts/reset-password.ts';
import { anywhere, PASSWORD, register } from './accounts-people.ts';
import { AdminStage, aSecond } from './admin-stage.ts';
import { subscribe } from './events-subscriber.ts';
import { OauthStage } from './oauth-stage.ts';

let oauth: OauthStage;
let stage: AdminStage;
beforeAll(async () => {
  oauth = await OauthStage.open();
  stage = new AdminStage(oauth.picard);
});
afterAll(() => stage[Symbol.asyncDispose]());

const suspend = (userId: string) =>
  stage.change('suspendUser', { userId }, '... on SuspendUserPayload { user { state suspendedAt } }');
const resume = (userId: string) =>
  stage.change('resumeUser', { userId }, '... on ResumeUserPayload { user { state suspendedAt } }');
const status = (key: string) => oauth.statusAt('graphql', key);

describe('credentials of a suspended account', () => {
  test('API keys are refused at every face within a second, and taken again when it is resumed', async () => {
    const { id, key } = await stage.person('keys');
    for (const face of ['graphql', 'mcp', 'rest'] as const)
      expect(await oauth.statusAt(face, key)).not.toBe(401);
    expect(await suspend(id)).toMatchObject({
      user: { state: 'SUSPENDED', suspendedAt: expect.any(String) },
    });
    await aSecond();
    for (const face of ['graphql', 'mcp', 'rest'] as const) expect(await oauth.statusAt(face, key)).toBe(401);
    expect(await resume(id)).toMatchObject({ user: { state: 'ACTIVE', suspendedAt: null } });
    expect(await status(key)).toBe(200);
  });

  test('tokens and sessions end for good: neither a refresh nor the browser brings anything back', async () => {
    const clientId = await oauth.host();
    const tokens = await oauth.tokens(clientId);
    expect(await status(tokens.access_token)).toBe(200);
    await suspend(oauth.accountId);
    const refreshed = await oauth.refresh(clientId, tokens.refresh_token);
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    await aSecond();
    expect(await status(tokens.access_token)).toBe(401);
    expect(await stage.user(oauth.accountId)).toMatchObject({
      lastSignInAt: expect.any(String),
      appCount: 1,
    });
    await resume(oauth.accountId);
    expect(await status(tokens.access_token)).toBe(401);
    expect((await oauth.refresh(clientId, tokens.refresh_token)).status).toBe(400);
    // Whoever signs in again and allows it again has a new one.
    expect(await status((await oauth.tokens(clientId)).access_token)).toBe(200);
  });

  test('refreshes beside the suspension leave nothing that is good afterwards', async () => {
    const clientId = await oauth.host();
    for (let round = 0; round < 3; round += 1) {
      const tokens = await oauth.tokens(clientId);
      const [refreshed] = await Promise.all([
        oauth.refresh(clientId, tokens.refresh_token),
        suspend(oauth.accountId),
      ]);
      await resume(oauth.accountId);
      await aSecond();
      for (const each of [tokens, refreshed.body]) {
        if (!each?.access_token) continue;
        expect(await status(each.access_token)).toBe(401);
        expect((await oauth.refresh(clientId, each.refresh_token)).status).toBe(400);
      }
    }
  });
});

describe('signing in to a suspended account', () => {
  test('tells whoever has shown that it is theirs, and nobody else, by a code', async () => {
    const { services } = stage.picard.picard;
    const person = await register(services, 'signing-in');
    const { handle, recoveryCodes } = person;
    await suspend(person.id);
    const refused = { code: 'ACCOUNT_SUSPENDED' };
    await expect(
      signInWithPassword(services, { handle, password: PASSWORD }, anywhere()),
    ).rejects.toMatchObject(refused);
    expect(await signInWithPassword(services, { handle, password: 'another one' }, anywhere())).toBeNull();
    const code = recoveryCodes[0] ?? '';
    await expect(signInWithRecoveryCode(services, { handle, code }, anywhere())).rejects.toMatchObject(
      refused,
    );
    const { link } = await createAccountLink(services, { handle, purpose: 'reset' });
    const reset = { token: link.token, password: 'yet another password' };
    await expect(resetPassword(services, reset, anywhere())).rejects.toMatchObject(refused);
    await resume(person.id);
    // Neither the code nor the link was used up.
    expect(await signInWithRecoveryCode(services, { handle, code }, anywhere())).toMatchObject({ handle });
    expect(await resetPassword(services, reset, anywhere())).toMatchObject({ handle });
  });

  test('is answered by a page that says so', async () => {
    await suspend(oauth.accountId);
    const { response } = await oauth.authorize(await oauth.host(), {}, oauth.newBrowser());
    expect(response?.status).toBe(403);
    const page = (await response?.text()) ?? '';
    expect(page).toContain('This account is suspended');
    expect(page).toContain('ACCOUNT_SUSPENDED');
    await resume(oauth.accountId);
  });
});

describe('what goes on while an account is suspended', () => {
  test('open streams end, also those at another instance', async () => {
    const { id, key } = await stage.person('streams');
    const streams = await Promise.all([subscribe(stage.picard, key), subscribe(stage.picard, key)]);
    await suspend(id);
    await Promise.all(streams.map((stream) => stream.ended));
    for (const stream of streams) await stream[Symbol.asyncDispose]();
  });

  test('a request that runs is waited for, and one that comes later writes nothing', async () => {
    const { id, key } = await stage.person('running');
    const { database } = stage.picard.picard.services;
    const submitted = await stage.submit(key, 'Here before');
    const memoryId = (submitted['memory'] as { id: string }).id;
    const change = (kind: string, wait?: Promise<void>) =>
      database.forViewer(id, async (sql) => {
        await sql`update memories set kind = ${kind} where id = ${memoryId}`;
        await wait;
      });
    const written = Promise.withResolvers<void>();
    let suspended = false;
    const running = change('DURING', written.promise);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const suspending = suspend(id).then(() => (suspended = true));
    const early = await Promise.race([
      suspending,
      new Promise((resolve) => setTimeout(() => resolve('waits'), 200)),
    ]);
    // An embedded database does one transaction at a time anyway.
    expect(early).toBe('waits');
    expect(suspended).toBe(false);
    written.resolve();
    await Promise.all([running, suspending]);
    await expect(change('AFTER')).rejects.toMatchObject({ code: 'ACCOUNT_SUSPENDED' });
    const [row] = await database.asOwner(
      (sql) => sql<{ kind: string }[]>`select kind from memories where id = ${memoryId}`,
    );
    expect(row?.kind).toBe('DURING');
  });

  test('what was shared is hidden from others, and shown again when it is resumed', async () => {
    const [owner, reader] = [await stage.person('owner'), await stage.person('reader')];
    const { database } = stage.picard.picard.services;
    const submitted = await stage.submit(owner.key, 'A lighthouse for everybody');
    const id = (submitted['memory'] as { id: string }).id;
    await database.asOwner((sql) => sql`update memories set visibility = 'PUBLIC' where id = ${id}`);
    const shown = async (key: string) => {
      const { memory, searchMemories } = await stage.picard.data<{
        memory: { text: string } | null;
        searchMemories: { edges: object[] };
      }>(
        `query ($id: ID!) { memory(id: $id) { text } searchMemories(query: "lighthouse") { edges { cursor } } }`,
        { id },
        key,
      );
      return [memory?.text ?? null, searchMemories.edges.length];
    };
    const everywhere = ['A lighthouse for everybody', 1];
    /** With row-level security alone: no condition of ours stands in these. */
    const rows = () =>
      database.forViewer(reader.id, async (sql) => {
        const counts = [];
        for (const table of ['memory_audiences', 'shared_memories', 'memory_texts', 'memories', 'data_keys'])
          counts.push((await sql`select from ${sql(table)} where owner_id = ${owner.id}`).length);
        return counts;
      });
    // The words of what becomes public by a statement of ours are keyed by a job.
    await expect.poll(() => shown(reader.key)).toEqual(everywhere);
    expect(await rows()).toEqual([1, 1, 1, 1, 1]);
    await suspend(owner.id);
    expect(await shown(reader.key)).toEqual([null, 0]);
    expect(await rows()).toEqual([0, 0, 0, 0, 0]);
    await resume(owner.id);
    expect(await shown(reader.key)).toEqual(everywhere);
    expect(await shown(owner.key)).toEqual(everywhere);
  });
});
