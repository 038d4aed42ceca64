import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withImplied, type Viewer } from '../src/accounts/viewer.ts';
import type { Services } from '../src/services.ts';
import { ask, register, type Person } from './accounts-people.ts';
import { present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let services: Services;
beforeAll(async () => {
  picard = await startTestPicard();
  services = picard.picard.services;
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Outcome {
  __typename: string;
  code?: string;
  field?: string;
}
const FAILURE = '__typename ... on UserError { code } ... on InvalidInput { field }';

describe('P66 API keys, rotated and revoked', () => {
  let person: Person;
  beforeAll(async () => {
    person = await register(services, 'keyholder');
  });
  interface Made extends Outcome {
    secret?: string;
    apiKey?: { id: string; name: string; scopes: string[]; expiresAt: string | null };
  }
  const KEY = 'secret apiKey { id name scopes expiresAt }';
  const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
    ${FAILURE} ... on CreateApiKeyPayload { ${KEY} } } }`;
  const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
    ${FAILURE} ... on RotateApiKeyPayload { ${KEY} } } }`;
  const REVOKE = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { __typename } }';
  const wide = {
    name: 'wide',
    scopes: ['MEMORIES_WRITE', 'ACCOUNT_MANAGE'],
    faces: ['GRAPHQL', 'MCP', 'REST'],
  };
  const narrow = { name: 'narrow', scopes: ['MEMORIES_READ'], faces: ['GRAPHQL'] };
  const create = (input: Input, viewer = person.viewer()): Promise<Made> =>
    ask(picard, viewer, CREATE, { input });
  const byKey = async (
    secret: string | undefined,
    document: string,
    id: string | undefined,
  ): Promise<Made> => {
    const data = await picard.data<Record<string, Made>>(document, { input: { id } }, present(secret));
    return present(Object.values(data)[0]);
  };
  const works = async (secret: string | undefined): Promise<boolean> =>
    (await picard.ask('{ viewer { scopes } }', {}, present(secret))).status === 200;

  test('P66 an app makes a key after a recent sign-in alone, for any face and time, with no more scopes', async () => {
    expect(await create(wide, person.viewer(601))).toMatchObject({ code: 'REAUTHENTICATION_REQUIRED' });
    expect(await create({ ...wide, scopes: ['MEMORIES_ADMIN'] })).toMatchObject({ field: 'scopes' });
    const reader: Viewer = { ...person.viewer(), scopes: withImplied(['memories:read']) };
    await expect(create(wide, reader)).rejects.toThrow('account:manage');
    const made = await create(wide);
    expect(made.apiKey).toMatchObject({ expiresAt: null });
    expect(await works(made.secret)).toBe(true);
  });

  test('P66 a key that is rotated has a new secret, and the old one is refused within a second', async () => {
    const made = await create(wide);
    expect(await works(made.secret)).toBe(true);
    const rotated = await byKey(made.secret, ROTATE, made.apiKey?.id);
    const since = performance.now();
    expect(rotated.apiKey).toEqual(made.apiKey);
    expect(rotated.secret).not.toBe(made.secret);
    expect(await works(rotated.secret)).toBe(true);
    // By every instance, which are asked in turn.
    for (let refusals = 0; refusals < picard.instances.length;) {
      const asked = performance.now();
      refusals = (await works(made.secret)) ? 0 : refusals + 1;
      if (refusals === 0) expect(asked - since).toBeLessThan(1_000);
    }
  });

  test('P66 a key rotates and revokes itself and lesser ones, and no other', async () => {
    const [one, lesser] = [await create(wide), await create(narrow)];
    const middle = await create({ ...wide, faces: ['GRAPHQL'] });
    expect(await byKey(middle.secret, ROTATE, one.apiKey?.id)).toMatchObject({ field: 'id' });
    expect(await byKey(one.secret, ROTATE, lesser.apiKey?.id)).toMatchObject({ apiKey: lesser.apiKey });
    expect(await byKey(one.secret, REVOKE, lesser.apiKey?.id)).toEqual({ __typename: 'RevokeApiKeyPayload' });
    expect(await byKey(one.secret, REVOKE, one.apiKey?.id)).toEqual({ __typename: 'RevokeApiKeyPayload' });

    // A key of an administrator holds more than one that only writes.
    const writer = await picard.data<{ createApiKey: Made }>(CREATE, { input: wide });
    const viewer = await picard.data<{
      viewer: { apiKeys: { edges: { node: { id: string; name: string } }[] } };
    }>('{ viewer { apiKeys { edges { node { id name } } } } }');
    const first = viewer.viewer.apiKeys.edges.find(({ node }) => node.name === 'First key')?.node.id;
    expect(await byKey(writer.createApiKey.secret, REVOKE, first)).toEqual({
      __typename: 'ReauthenticationRequired',
    });
    expect(await byKey(writer.createApiKey.secret, ROTATE, first)).toMatchObject({ field: 'id' });
    expect(await works(picard.key)).toBe(true);
  });

  test('P66 an app rotates and revokes keys after a recent sign-in alone', async () => {
    const { apiKey } = await create(wide);
    const input = { id: apiKey?.id };
    expect(await ask(picard, person.viewer(601), ROTATE, { input })).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
    expect(await ask(picard, person.viewer(601), REVOKE, { input })).toEqual({
      __typename: 'ReauthenticationRequired',
    });
    expect(await ask(picard, person.viewer(), ROTATE, { input })).toMatchObject({ apiKey });
    expect(await ask(picard, person.viewer(), REVOKE, { input })).toEqual({
      __typename: 'RevokeApiKeyPayload',
    });
    for (const id of [apiKey?.id, crypto.randomUUID(), 'no id'])
      expect(await ask(picard, person.viewer(), ROTATE, { input: { id } })).toMatchObject({
        code: 'API_KEY_NOT_FOUND',
      });
  });

  test('P66 nobody rotates or revokes the key of another', async () => {
    const { apiKey, secret } = await create(wide);
    const stranger = await register(services, 'stranger');
    const input = { id: apiKey?.id };
    expect(await ask(picard, stranger.viewer(), ROTATE, { input })).toMatchObject({
      code: 'API_KEY_NOT_FOUND',
    });
    expect(await ask(picard, stranger.viewer(), REVOKE, { input })).toEqual({ __typename: 'ApiKeyNotFound' });
    expect(await works(secret)).toBe(true);
  });
});
