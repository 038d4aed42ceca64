import * as client from 'openid-client';
import { expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

test('a certified client library goes the whole way: discovery, registration, sign-in, refresh, revocation', async () => {
  await using stage = await OauthStage.open();
  const redirectUri = 'http://127.0.0.1:43210/callback';
  const options = { execute: [client.allowInsecureRequests] };
  const config = await client.dynamicClientRegistration(
    new URL(stage.issuer),
    { client_name: 'Web client', redirect_uris: [redirectUri] },
    undefined,
    options,
  );
  const verifier = client.randomPKCECodeVerifier();
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid memories:read memories:write',
    resource: stage.resources.graphql,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    max_age: '3600',
  });
  const end = await stage.browser.follow(url);
  if (!('url' in end)) throw new Error(await end.response.text());

  // It checks state, iss (RFC 9207), the nonce and the ID token by itself.
  const tokens = await client.authorizationCodeGrant(config, end.url, checks);
  expect(tokens.claims()).toMatchObject({ sub: stage.accountId, iss: stage.issuer });
  expect(tokens.claims()?.auth_time).toBeGreaterThan(0);
  expect(await stage.statusAt('graphql', tokens.access_token)).toBe(200);

  expect(await client.fetchUserInfo(config, tokens.access_token, stage.accountId)).toEqual({
    sub: stage.accountId,
  });

  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  expect(await client.tokenIntrospection(config, next.access_token)).toMatchObject({ active: true });
  await client.tokenRevocation(config, next.refresh_token ?? '');
  expect(await client.tokenIntrospection(config, next.access_token)).toEqual({ active: false });
  await expect(client.refreshTokenGrant(config, next.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  expect(await stage.refusedWithinASecond('graphql', next.access_token)).toBe(true);
});
