import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open();
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

const now = (): number => Math.floor(Date.now() / 1_000);

/** As if the person had chosen another end. */
async function endConsent(grantId: string | undefined, end: number): Promise<void> {
  const grant = await stage.picard.picard.http.oauth.provider.Grant.find(grantId ?? '');
  if (!grant) throw new Error('There is no such grant');
  grant.exp = end;
  await grant.save();
}

test('tokens that are issued shortly before the end of a consent end with it', async () => {
  const { provider } = stage.picard.picard.http.oauth;
  const code = await stage.code(clientId);
  const end = now() + 600;
  await endConsent((await provider.AuthorizationCode.find(code['code'] ?? ''))?.grantId, end);
  let { body } = await stage.post('/oauth/token', code);
  for (let round = 0; round < 3; round += 1) {
    expect(body.expires_in).toBeLessThanOrEqual(600);
    expect(body.expires_in).toBeGreaterThan(540);
    expect(decodeJwt(body.access_token).exp).toBeLessThanOrEqual(end);
    expect((await provider.RefreshToken.find(body.refresh_token))?.exp).toBeLessThanOrEqual(end);
    expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
    ({ body } = await stage.refresh(clientId, body.refresh_token));
  }
});

test('long before it they live as long as always', async () => {
  const { expires_in: life, refresh_token: token } = await stage.tokens(clientId);
  expect(life).toBe(3_600);
  const { provider } = stage.picard.picard.http.oauth;
  const days = (((await provider.RefreshToken.find(token))?.exp ?? 0) - now()) / 86_400;
  expect(days).toBeCloseTo(30, 1);
});

test('after it nothing comes of what is left', async () => {
  const { access_token: access, refresh_token: refresh } = await stage.tokens(clientId);
  await endConsent(decodeJwt<{ gid: string }>(access).gid, now() - 1);
  const { status, body } = await stage.refresh(clientId, refresh);
  expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
});
