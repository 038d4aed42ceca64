import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Made {
  __typename: string;
  apiKey?: {
    id: string;
    name: string;
    scopes: string[];
    faces: string[];
    expiresAt: string | null;
    lastUsedAt: string | null;
  };
  secret?: string;
  field?: string;
}
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
  ... on CreateApiKeyPayload { secret apiKey { id name scopes faces expiresAt lastUsedAt } } ... on InvalidInput { field } } }`;
const create = async (input: Input, key?: string): Promise<Made> =>
  (
    await picard.data<{ createApiKey: Made }>(
      CREATE,
      { input: { name: 'test', scopes: ['MEMORIES_READ'], faces: ['GRAPHQL'], ...input } },
      key,
    )
  ).createApiKey;
const secretOf = async (input: Input, key?: string): Promise<string> =>
  present((await create(input, key)).secret);
const revoke = async (id: string, key?: string): Promise<string> => {
  const document = 'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }';
  return (await picard.data<{ revokeApiKey: { __typename: string } }>(document, { id }, key)).revokeApiKey
    .__typename;
};
const SCOPES = '{ viewer { scopes } }';

/** Asks with any Authorization header. */
async function authorized(
  authorization: string,
): Promise<{ status: number; body: string; challenge: string | null }> {
  const response = await fetch(new URL('/graphql', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: SCOPES }),
  });
  return {
    status: response.status,
    body: await response.text(),
    challenge: response.headers.get('www-authenticate'),
  };
}

describe('P66 the bearer of a request', () => {
  test('P66 none at all is asked for one', async () => {
    const { status, errors } = await picard.ask(SCOPES, {}, null);
    expect([status, errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test.each([
    ['an unknown key', `Bearer picard_${'x'.repeat(43)}`],
    ['an empty one', 'Bearer'],
    ['a blank one', 'Bearer  '],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['no scheme', 'picard_x'],
    ['two tokens', 'Bearer a b'],
    ['signs that no token has', 'Bearer "\'; drop table users --'],
    ['10,000 characters', `Bearer ${'x'.repeat(10_000)}`],
  ])('P66 %s is refused, like any other that is not known', async (_name, header) => {
    const unknown = await authorized('Bearer nobody');
    expect(unknown).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(/^Bearer error="invalid_token"/),
    });
    expect(await authorized(header)).toEqual(unknown);
  });

  test('P66 a key that is cut short or lengthened is unknown', async () => {
    for (const key of [picard.key.slice(0, -1), `${picard.key}x`, picard.key.toUpperCase()])
      expect((await authorized(`Bearer ${key}`)).status).toBe(401);
    expect((await authorized(`bearer   ${picard.key} `)).status).toBe(200);
  });

  test('P66 an expired key is refused', async () => {
    const { secret, apiKey } = await create({ expiresAt: '2999-01-01T00:00:00Z' });
    await picard.picard.services.database.asOwner(
      (sql) => sql`update api_keys set expires_at = now() where id = ${present(apiKey).id}`,
    );
    expect((await picard.ask(SCOPES, {}, secret)).status).toBe(401);
  });

  test('P66 P14 a revoked key is refused within a second, though it was in use', async () => {
    const { secret, apiKey } = await create({});
    expect((await picard.ask(SCOPES, {}, secret)).status).toBe(200);
    expect(await revoke(present(apiKey).id)).toBe('RevokeApiKeyPayload');
    const revoked = performance.now();
    for (;;) {
      const asked = performance.now();
      if ((await picard.ask(SCOPES, {}, secret)).status === 401) break;
      // Whatever was asked later than a second after the end must have been refused.
      expect(asked - revoked).toBeLessThan(1_000);
    }
    expect(await revoke(present(apiKey).id)).toBe('ApiKeyNotFound');
  });

  test('P66 a key of another face is told so', async () => {
    const answer = await picard.ask(SCOPES, {}, await secretOf({ faces: ['MCP', 'REST'] }));
    expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([403, 'FORBIDDEN']);
    expect(answer.errors?.[0]?.message).toContain('graphql');
  });
});

describe('P66 a key can do no more than the one it is made with', () => {
  test('P66 not more scopes, faces or time', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const narrow = await secretOf({
      scopes: ['MEMORIES_WRITE', 'ACCOUNT_MANAGE'],
      faces: ['GRAPHQL', 'MCP'],
      expiresAt: soon,
    });
    const refused: [string, Input][] = [
      ['scopes', { scopes: ['MEMORIES_ADMIN'], expiresAt: soon }],
      ['scopes', { scopes: ['MEMORIES_READ', 'MEMORIES_ADMIN'], expiresAt: soon }],
      ['faces', { faces: ['REST'], expiresAt: soon }],
      ['expiresAt', {}],
      ['expiresAt', { expiresAt: null }],
      ['expiresAt', { expiresAt: later }],
    ];
    for (const [field, input] of refused)
      expect(await create(input, narrow)).toEqual({ __typename: 'InvalidInput', field });
    const child = await create(
      { scopes: ['MEMORIES_READ', 'MEMORIES_READ'], faces: ['MCP', 'GRAPHQL'], expiresAt: soon },
      narrow,
    );
    expect(child.apiKey).toMatchObject({
      scopes: ['MEMORIES_READ'],
      faces: ['MCP', 'GRAPHQL'],
      expiresAt: soon,
    });
    expect(await picard.data(SCOPES, {}, child.secret)).toEqual({ viewer: { scopes: ['memories:read'] } });
  });

  test('P66 one that reads cannot make, list or revoke keys', async () => {
    const reader = await secretOf({});
    for (const document of [
      'mutation { createApiKey(input: { name: "x", scopes: [MEMORIES_READ], faces: [GRAPHQL] }) { __typename } }',
      `mutation { revokeApiKey(input: { id: "${crypto.randomUUID()}" }) { __typename } }`,
      '{ viewer { apiKeys { edges { cursor } } } }',
    ]) {
      const { errors } = await picard.ask(document, {}, reader);
      expect(errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredScopes: ['account:manage'] });
    }
  });

  test('P66 the administrator’s scope is of no use in another account’s key', async () => {
    const key = await picard.account('plain');
    expect(await create({ scopes: ['MEMORIES_ADMIN'] }, key)).toMatchObject({ field: 'scopes' });
    await picard.picard.services.database.asOwner(
      (sql) => sql`update api_keys set scopes = '{memories:admin,memories:read}'
        where owner_id = (select id from users where handle = 'plain')`,
    );
    const document = 'mutation { createAccount(input: { handle: "sneaked" }) { __typename } }';
    const other = await picard.ask<Record<string, unknown>>(document, {}, key);
    // Remembered for a moment as it was made, without that scope; refused either way.
    expect(other.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN', requiredScopes: ['memories:admin'] });
  });

  test.each<[string, Input]>([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(81) }],
    ['name', { name: 'a\u0000' }],
    ['name', { name: '\ud800' }],
    ['scopes', { scopes: [] }],
    ['faces', { faces: [] }],
    ['expiresAt', { expiresAt: '2020-01-01T00:00:00Z' }],
  ])('P66 refuses %s of %j', async (field, input) => {
    expect(await create(input)).toEqual({ __typename: 'InvalidInput', field });
  });
});

describe('P66 the list of keys', () => {
  test('P66 newest first, in pages, with the last use and without any secret', async () => {
    const key = await picard.account('lister');
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await create({ name }, key);
    const seen: { name: string; lastUsedAt: string | null }[] = [];
    type Keys = {
      viewer: {
        apiKeys: {
          edges: { node: (typeof seen)[number] }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      };
    };
    for (let after: string | null = null, more = true; more;) {
      const document = `query ($after: String) { viewer { apiKeys(first: 2, after: $after) {
        edges { node { name lastUsedAt } } pageInfo { hasNextPage endCursor } } } }`;
      const { viewer }: Keys = await picard.data(document, { after }, key);
      seen.push(...viewer.apiKeys.edges.map(({ node }) => node));
      ({ hasNextPage: more, endCursor: after } = viewer.apiKeys.pageInfo);
    }
    expect(seen.map(({ name }) => name).sort()).toEqual(['First key', ...names].sort());
    expect(seen.find(({ name }) => name === 'First key')?.lastUsedAt).not.toBeNull();
    expect(seen.find(({ name }) => name === 'a')?.lastUsedAt).toBeNull();
    const stored = await picard.picard.services.database.asOwner(
      (sql) => sql<{ row: string }[]>`select k::text as row from api_keys k`,
    );
    expect(stored.map(({ row }) => row).join()).not.toContain(key.slice('picard_'.length));
  });
});
