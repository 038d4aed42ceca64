import { expect, test } from 'vitest';
import { opened } from './opened.ts';
import { PagesStage, PASSWORD } from './pages-stage.ts';
import { PlainBrowser } from './plain-browser.ts';

const NOBODY = crypto.randomUUID();

/** An app for the account itself, to which somebody has just signed in and allowed everything. */
async function openAccount() {
  const stage = await PagesStage.open();
  await stage.person('anna');
  const clientId = await stage.app({ name: 'Settings' });
  const { url, verifier } = stage.authorization(clientId, {
    scope: 'memories:read memories:write account:manage',
    more: { resource: `${stage.url.origin}/graphql` },
  });
  const browser = new PlainBrowser(stage.url);
  const consent = await browser.press(await browser.open(url), 'Sign in', {
    handle: 'anna',
    password: PASSWORD,
  });
  const { access_token: token } = await stage.redeem(
    clientId,
    (await browser.press(consent, 'Allow')).url,
    verifier,
  );
  const change = async (field: string, input?: object): Promise<Record<string, string>> => {
    const [head, args] = input
      ? [`($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!)`, '(input: $input)']
      : ['', ''];
    const document = `mutation ${head} { ${field}${args} { __typename ... on UserError { code message } } }`;
    const data = await stage.picard.data<Record<string, Record<string, string>>>(document, { input }, token);
    return data[field] ?? {};
  };
  return {
    stage,
    clientId,
    token,
    change,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}
const account = opened(openAccount);

test('P41 a page of settings asks for everything at once', async () => {
  const { stage, token, clientId } = account();
  const { viewer } = await stage.picard.data<{ viewer: Record<string, unknown> }>(
    `{ viewer {
      user { id handle displayName about } administrator scopes recoveryCodesLeft
      passkeys { id name createdAt lastUsedAt }
      apiKeys { edges { node { id name scopes faces createdAt expiresAt lastUsedAt } } pageInfo { hasNextPage endCursor } }
      connectedApps { edges { node { clientId name createdAt lastUsedAt pausedAt } } pageInfo { hasNextPage endCursor } }
      sessions { id userAgent createdAt lastSeenAt }
    } }`,
    {},
    token,
  );
  expect(viewer).toMatchObject({
    user: { handle: 'anna', displayName: 'anna', about: '' },
    administrator: false,
    scopes: ['memories:read', 'memories:write', 'account:manage'],
    recoveryCodesLeft: 10,
    passkeys: [],
    apiKeys: { edges: [], pageInfo: { hasNextPage: false } },
    connectedApps: { edges: [{ node: { clientId, name: 'Settings', pausedAt: null } }] },
    sessions: [{ id: expect.any(String), userAgent: expect.any(String) }],
  });
});

test.each<[string, object | undefined, string]>([
  ['updateProfile', { displayName: 'Anna B', about: 'I sail.' }, 'UpdateProfilePayload'],
  ['updateProfile', { handle: 'A B' }, 'InvalidInput'],
  ['updateProfile', { handle: 'root' }, 'HandleReserved'],
  ['changePassword', { currentPassword: 'not mine at all', newPassword: 'a loud evening' }, 'WrongPassword'],
  ['changePassword', { currentPassword: PASSWORD, newPassword: 'short' }, 'InvalidInput'],
  ['beginPasskey', undefined, 'BeginPasskeyPayload'],
  ['addPasskey', { response: '{}' }, 'InvalidInput'],
  ['renamePasskey', { id: 'none', name: 'Mine' }, 'PasskeyNotFound'],
  ['deletePasskey', { id: 'none' }, 'PasskeyNotFound'],
  ['renewRecoveryCodes', undefined, 'RenewRecoveryCodesPayload'],
  ['createApiKey', { name: 'x', scopes: ['MEMORIES_READ'], faces: ['MCP'] }, 'CreateApiKeyPayload'],
  ['createApiKey', { name: '', scopes: ['MEMORIES_READ'], faces: ['MCP'] }, 'InvalidInput'],
  ['rotateApiKey', { id: NOBODY }, 'ApiKeyNotFound'],
  ['revokeApiKey', { id: NOBODY }, 'ApiKeyNotFound'],
  ['renameConnectedApp', { clientId: NOBODY, name: 'x' }, 'ConnectedAppNotFound'],
  ['endSession', { id: NOBODY }, 'SessionNotFound'],
  ['deleteAccount', { handle: 'somebody-else' }, 'InvalidInput'],
])('P41 %s of %j answers %s', async (field, input, expected) => {
  const outcome = await account().change(field, input);
  expect(outcome['__typename']).toBe(expected);
  if (expected.endsWith('Payload')) return;
  expect(outcome['code']).toMatch(/^[A-Z_]+$/);
  expect(outcome['message']).toMatch(/\.$/);
});

test('P41 the account is deleted last, and the app with it', async () => {
  const { stage, token, change } = account();
  expect(await change('deleteAccount', { handle: 'anna' })).toEqual({ __typename: 'DeleteAccountPayload' });
  await expect
    .poll(async () => (await stage.picard.ask('{ viewer { scopes } }', {}, token)).status)
    .toBe(401);
});
