import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccountLink } from '../src/accounts/create-account-link.ts';
import { openSignIn } from '../src/accounts/sign-in.ts';
import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import type { Services } from '../src/services.ts';
import { DataKeys } from '../src/storage/data-keys.ts';
import { grant, revokedOf } from './accounts-grants.ts';
import { PasskeyStage } from './accounts-passkey-stage.ts';
import { anywhere, ask, PASSWORD, register, signedIn, type Person } from './accounts-people.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

const DELETE =
  'mutation ($handle: String!) { deleteAccount(input: { handle: $handle }) { __typename ... on UserError { code } } }';
const remove = (person: Person, handle = person.handle, ago = 0) =>
  ask(picard, person.viewer(ago), DELETE, { handle });

/** Everything that an account can have. */
async function settle(person: Person, fact: string): Promise<string> {
  const viewer = person.viewer();
  const made = await ask<{ secret: string }>(
    picard,
    viewer,
    `mutation { createApiKey(input: { name: "x", scopes: [MEMORIES_WRITE, ACCOUNT_MANAGE], faces: [GRAPHQL] }) {
      ... on CreateApiKeyPayload { secret } } }`,
  );
  const submit = `mutation ($text: String!, $from: [ID!]) { submitMemory(input: { text: $text, tags: ["t"], derivedFrom: $from }) {
    ... on SubmitMemoryPayload { memory { id } } } }`;
  const { memory } = await ask<{ memory: { id: string } }>(picard, viewer, submit, { text: fact });
  await ask(picard, viewer, submit, { text: 'Thrown away', from: [memory.id] });
  await ask(
    picard,
    viewer,
    'mutation ($input: UpdateMemoryInput!) { updateMemory(input: $input) { __typename } }',
    {
      input: { id: memory.id, text: `${fact}, again` },
    },
  );
  await picard.data(
    'mutation ($id: ID!) { shareMemory(input: { memoryId: $id, with: { handle: "friend" } }) { __typename } }',
    { id: memory.id },
    made.secret,
  );
  await picard.embedded(made.secret);
  const stage = new PasskeyStage(picard);
  const authenticator = await stage.enrol(person);
  const challenge = await stage.challenge();
  expect(await stage.signIn(authenticator.get({ origin: stage.origin, challenge }))).toBe(person.handle);
  await ask(picard, viewer, 'mutation { beginPasskey { __typename } }');
  await createAccountLink(services, { handle: person.handle });
  await signInWithPassword(services, { handle: person.handle, password: 'wrong password' }, anywhere());
  await signInWithPassword(services, { handle: person.handle, password: PASSWORD }, anywhere());
  await grant(services.database, person.id, `grant of ${person.handle}`);
  // Read over HTTP: it is noted who reads.
  await picard.data('{ viewer { memories { edges { node { text } } } } }', {}, made.secret);
  await services.reads.flush();
  await services.database.asOwner(
    (sql) =>
      sql`insert into connected_apps (owner_id, client_id, name) values (${person.id}, 'an-app', 'An app')`,
  );
  await services.database.asOwner(
    (sql) => sql`insert into quotas (owner_id, max_memories) values (${person.id}, 9)`,
  );
  return made.secret;
}

/** How many rows of each table name the account, in whatever column. */
async function traces(id: string): Promise<Record<string, number>> {
  return services.database.asOwner(async (sql) => {
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
    const found: Record<string, number> = {};
    for (const { name } of tables) {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::integer as count from ${sql(name)} t where to_jsonb(t)::text like ${`%${id}%`}`;
      if (row && row.count > 0) found[name] = row.count;
    }
    return found;
  });
}

describe('P70 deleting an account', () => {
  test('P70 leaves no row of it in any table, and nothing of others goes', async () => {
    const [leaver, stayer] = [await register(services, 'leaver'), await register(services, 'stayer')];
    await register(services, 'friend');
    const secret = await settle(leaver, 'Leavers like leaving');
    const kept = await settle(stayer, 'Stayers like staying');
    const before = await traces(leaver.id);
    const others = await traces(stayer.id);
    // What a table of an account's rows is called nobody has to remember here.
    const owned = await services.database.asOwner(
      (sql) => sql<{ name: string }[]>`
        select table_name as name from information_schema.columns join information_schema.tables
          using (table_catalog, table_schema, table_name)
        where table_schema = 'public' and column_name = 'owner_id' and table_type = 'BASE TABLE' order by 1`,
    );
    const empty = ['pending_embeddings', 'pending_keywords'];
    for (const { name } of owned)
      if (!empty.includes(name))
        expect(before[name], `${name} has a row of the account: give it one`).toBeGreaterThan(0);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['users', 'oauth_models']));

    expect(await remove(leaver)).toEqual({ __typename: 'DeleteAccountPayload' });
    expect(await traces(leaver.id)).toEqual({});
    expect(await traces(stayer.id)).toEqual(others);
    expect(await revokedOf(services.database)).toEqual(['grant of leaver']);
    await expect.poll(async () => (await picard.ask('{ viewer { scopes } }', {}, secret)).status).toBe(401);
    expect((await picard.ask('{ viewer { scopes } }', {}, kept)).status).toBe(200);
    const lost = { handle: 'leaver', password: PASSWORD };
    expect(await signInWithPassword(services, lost, anywhere())).toBeNull();
    // The handle is free again.
    expect((await register(services, 'leaver')).id).not.toBe(leaver.id);
  });

  test('P70 every process forgets the key that opened its memories', async () => {
    const person = await register(services, 'forgotten');
    // A second set of opened keys hears what other processes hear.
    const { database, dataKeys } = services;
    const elsewhere = new DataKeys(dataKeys.masterKeys);
    await elsewhere.ofServer(database);
    await openSignIn(database, elsewhere, 'open');
    const open = (keys: typeof dataKeys) => database.forViewer(person.id, (sql) => keys.of(sql, person.id));
    await open(dataKeys);
    await open(elsewhere);
    await remove(person);
    await expect(open(dataKeys)).rejects.toThrow('no data key');
    await expect
      .poll(() =>
        open(elsewhere).then(
          () => 'opened',
          () => 'gone',
        ),
      )
      .toBe('gone');
  });

  test('P70 needs the handle, typed once more, and a recent sign-in', async () => {
    const person = await register(services, 'hesitant');
    expect(await remove(person, 'someone-else')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await remove(person, '')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await remove(person, 'hesitant', 601)).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
    const key = await picard.account('by-key');
    const { deleteAccount } = await picard.data<{ deleteAccount: unknown }>(
      DELETE,
      { handle: 'by-key' },
      key,
    );
    expect(deleteAccount).toEqual({
      __typename: 'ReauthenticationRequired',
      code: 'REAUTHENTICATION_REQUIRED',
    });
    const there = { handle: 'hesitant', password: PASSWORD };
    expect(await signInWithPassword(services, there, anywhere())).not.toBeNull();
  });

  test('P70 of two administrators who leave at the same time, one stays', async () => {
    const second = await register(services, 'second');
    const [first] = await services.database.asOwner(async (sql) => {
      await sql`update users set administrator = true where id = ${second.id}`;
      return sql<{ id: string; handle: string }[]>`select id, handle from users where handle = 'admin'`;
    });
    if (!first) throw new Error('There is no first account');
    const outcomes = await Promise.all(
      [first, second].map(({ id, handle }) => ask(picard, signedIn(id, 0, 'a', true), DELETE, { handle })),
    );
    expect(outcomes.map(({ __typename }) => __typename).sort()).toEqual([
      'DeleteAccountPayload',
      'LastAdministrator',
    ]);
    const [left] = await services.database.asOwner(
      (sql) => sql<{ id: string; handle: string }[]>`select id, handle from users where administrator`,
    );
    if (!left) throw new Error('No administrator is left');
    expect(await ask(picard, signedIn(left.id, 0, 'a', true), DELETE, { handle: left.handle })).toEqual({
      __typename: 'LastAdministrator',
      code: 'LAST_ADMINISTRATOR',
    });
  });
});
