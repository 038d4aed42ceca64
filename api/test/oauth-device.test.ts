import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  const { status, body } = await stage.register({
    client_name: 'CLI',
    redirect_uris: [],
    response_types: [],
    grant_types: [DEVICE_CODE, 'refresh_token'],
    token_endpoint_auth_method: 'none',
  });
  expect(status, JSON.stringify(body)).toBe(201);
  clientId = body.client_id;
});
afterAll(() => stage[Symbol.asyncDispose]());

const begin = (form: Record<string, string> = {}) =>
  stage.post('/oauth/device_authorization', {
    client_id: clientId,
    scope: 'memories:read memories:write',
    resource: stage.resources.graphql,
    ...form,
  });
const poll = (deviceCode: string) =>
  stage.post('/oauth/token', { grant_type: DEVICE_CODE, device_code: deviceCode, client_id: clientId });

/** Fills the forms of the device page in, as a person does. */
async function enter(userCode: string, answer: Record<string, string>, browser = stage.newBrowser()) {
  const xsrfIn = async (response: Response): Promise<string> =>
    /name="xsrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
  const page = stage.at('/device');
  let xsrf = await xsrfIn(await browser.fetch(page));
  const send = (form: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(form) });
  const confirm = await browser.fetch(page, send({ xsrf, user_code: userCode }));
  xsrf = (await xsrfIn(confirm)) || xsrf;
  return browser.follow(page, send({ xsrf, user_code: userCode, ...answer }));
}

test('a device is connected by a code that its owner enters elsewhere (RFC 8628)', async () => {
  const { status, body } = await begin();
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
    verification_uri: `${stage.issuer}/device`,
    verification_uri_complete: expect.stringContaining(`${stage.issuer}/device?user_code=`),
    expires_in: 600,
  });
  expect((await poll(body.device_code)).body.error).toBe('authorization_pending');
  const end = await enter(body.user_code, { confirm: 'yes' });
  expect('response' in end && end.response.status).toBe(200);
  const answer = await poll(body.device_code);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(answer.body.scope).toBe('memories:read memories:write');
  expect(await stage.statusAt('graphql', answer.body.access_token)).toBe(200);
  expect((await stage.refresh(clientId, answer.body.refresh_token)).status).toBe(200);
});

test('a device code is redeemed once, by whoever comes first of eight', async () => {
  const { body } = await begin();
  await enter(body.user_code, { confirm: 'yes' });
  const answers = await Promise.all(Array.from({ length: 8 }, () => poll(body.device_code)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(await stage.refusedWithinASecond('graphql', won[0]?.body.access_token)).toBe(true);
});

test('a refusal is told to the device, and a code that is not known connects nothing', async () => {
  const { body } = await begin();
  await enter(body.user_code, { abort: 'yes' });
  expect((await poll(body.device_code)).body.error).toBe('access_denied');
  const end = await enter('BBBB-BBBB', { confirm: 'yes' });
  expect('response' in end && end.response.status).toBe(200);
  expect((await poll('guess')).body.error).toBe('invalid_grant');
});

test('a device that names no scope may read', async () => {
  const { body } = await stage.post('/oauth/device_authorization', { client_id: clientId });
  await enter(body.user_code, { confirm: 'yes' });
  expect((await poll(body.device_code)).body.scope).toBe('memories:read');
});
