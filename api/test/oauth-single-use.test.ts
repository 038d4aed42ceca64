import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage, type Json } from './oauth-stage.ts';

/** CI sets 30. */
const ROUNDS = Number(process.env['PICARD_FAULT_ROUNDS'] || 5);
const AT_ONCE = 8;

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  stage = await OauthStage.open({ env: { PICARD_TRUSTED_PROXIES: 'loopback' } });
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

const atOnce = (work: () => Promise<Json>): Promise<Json[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, work));

/** One won, the others were refused as they should be. */
function winner(answers: readonly Json[]): Json['body'] {
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  for (const { status, body } of answers) {
    if (status !== 200)
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_grant' });
  }
  return won[0]?.body;
}

test(
  `a code that ${AT_ONCE} redeem at once is good once, and all that came of it ends: ${ROUNDS} rounds`,
  { timeout: 10_000 * (ROUNDS + 1) },
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      stage.from = `192.0.2.${round}`;
      const code = await stage.code(clientId);
      const tokens = winner(await atOnce(() => stage.post('/oauth/token', code)));
      expect(await stage.refresh(clientId, tokens.refresh_token)).toMatchObject({ status: 400 });
      expect(await stage.refusedWithinASecond('graphql', tokens.access_token)).toBe(true);
    }
  },
);

test(
  `a refresh token that ${AT_ONCE} use at once is good once, and its family ends: ${ROUNDS} rounds`,
  { timeout: 10_000 * (ROUNDS + 1) },
  async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      stage.from = `198.51.100.${round}`;
      const first = await stage.tokens(clientId);
      const next = winner(await atOnce(() => stage.refresh(clientId, first.refresh_token)));
      expect(await stage.refresh(clientId, next.refresh_token)).toMatchObject({ status: 400 });
      expect(await stage.refusedWithinASecond('graphql', first.access_token)).toBe(true);
      expect(await stage.statusAt('graphql', next.access_token)).toBe(401);
    }
  },
);

test('a code that is shown again later ends what came of it', async () => {
  const code = await stage.code(clientId);
  const { body } = await stage.post('/oauth/token', code);
  expect(await stage.statusAt('graphql', body.access_token)).toBe(200);
  expect(await stage.post('/oauth/token', code)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  });
  expect(await stage.refusedWithinASecond('graphql', body.access_token)).toBe(true);
  expect(await stage.refresh(clientId, body.refresh_token)).toMatchObject({ status: 400 });
});

test('a refresh token is used up by its successor: the one before it ends the family', async () => {
  const first = await stage.tokens(clientId);
  const { body: second } = await stage.refresh(clientId, first.refresh_token);
  const { status, body: third } = await stage.refresh(clientId, second.refresh_token);
  expect(status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await stage.refresh(clientId, first.refresh_token)).toMatchObject({ status: 400 });
  expect(await stage.refresh(clientId, third.refresh_token)).toMatchObject({ status: 400 });
  expect(await stage.refusedWithinASecond('graphql', third.access_token)).toBe(true);
});

test('a host that got no answer may ask again; whoever shows the answer that went astray ends the family', async () => {
  const first = await stage.tokens(clientId);
  const { body: astray } = await stage.refresh(clientId, first.refresh_token);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { status, body: again } = await stage.refresh(clientId, first.refresh_token);
  expect(status).toBe(200);
  expect(await stage.statusAt('graphql', again.access_token)).toBe(200);
  const next = await stage.refresh(clientId, again.refresh_token);
  expect(next.status).toBe(200);
  expect(await stage.refresh(clientId, astray.refresh_token)).toMatchObject({ status: 400 });
  expect(await stage.refresh(clientId, next.body.refresh_token)).toMatchObject({ status: 400 });
});

test('a host that got no answer may not ask again half a minute later', async () => {
  const first = await stage.tokens(clientId);
  const { body: next } = await stage.refresh(clientId, first.refresh_token);
  await stage.picard.picard.services.database.forAccounts(
    (sql) => sql`
      update oauth_models set consumed_at = consumed_at - interval '31 seconds'
      where model = 'RefreshToken' and consumed_at is not null`,
  );
  expect(await stage.refresh(clientId, first.refresh_token)).toMatchObject({ status: 400 });
  expect(await stage.refresh(clientId, next.refresh_token)).toMatchObject({ status: 400 });
});
