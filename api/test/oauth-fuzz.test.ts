import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OauthStage } from './oauth-stage.ts';

/** CI may ask for more. */
const REQUESTS = Number(process.env['PICARD_FUZZ_REQUESTS'] || 1_000);
const AT_ONCE = 8;

let stage: OauthStage;
let clientId: string;
beforeAll(async () => {
  // Each asks from somewhere else, or most would be refused for how many they are.
  stage = await OauthStage.open({ env: { PICARD_TRUSTED_PROXIES: 'loopback' } });
  clientId = await stage.host();
});
afterAll(() => stage[Symbol.asyncDispose]());

const nonsense = [
  '',
  '\0',
  'a\0b',
  '%00',
  '../../etc',
  "' or 1=1--",
  '<script>',
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
  '[]',
  '{}',
  '💥',
  'code',
  'S256',
  'openid',
  'none',
  'javascript:1',
  '-1',
  '1e999',
  'null',
  '\r\nSet-Cookie: a=b',
  '\u2028',
  'http://127.0.0.1:9/callback',
  'https://[',
  'a.b.c',
  'eyJhbGciOiJub25lIn0.e30.',
  '4b3e0f0e-7b8c-4f0e-9d1a-000000000000',
];
const names = [
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'response_type',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'prompt',
  'max_age',
  'claims',
  'request',
  'request_uri',
  'login_hint',
  'id_token_hint',
  'response_mode',
  'nonce',
  'grant_type',
  'code',
  'code_verifier',
  'refresh_token',
  'token',
  'token_type_hint',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'device_code',
  'user_code',
  'subject_token',
  'subject_token_type',
  'xsrf',
  'picard_policy',
];
const routes = [
  'GET /oauth/authorize',
  'POST /oauth/token',
  'POST /oauth/revoke',
  'POST /oauth/introspect',
  'POST /oauth/register',
  'GET /device',
  'POST /device',
  'POST /oauth/device_authorization',
  'GET /oauth/logout',
  'POST /oauth/logout/confirm',
  'GET /oauth/userinfo',
  'GET /oauth/authorize/*',
  'GET /oauth/register/*',
  'PUT /oauth/register/*',
  'DELETE /oauth/register/*',
  'GET /device/*',
  'GET /interaction/*',
  'POST /interaction/*/consent',
  'GET /account/claim',
  'OPTIONS /oauth/register',
  'OPTIONS /oauth/token',
  'GET /authorize',
  'POST /token',
  'POST /register',
];
const grants = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
];

const word = fc.oneof(fc.constantFrom(...nonsense), fc.string({ maxLength: 40, unit: 'binary' }));
const request = fc.record({
  address: fc.ipV4(),
  route: fc.constantFrom(...routes),
  segment: word,
  form: fc.dictionary(fc.constantFrom(...names), fc.array(word, { minLength: 1, maxLength: 2 }), {
    maxKeys: 9,
  }),
  known: fc.boolean(),
  grant: fc.constantFrom(undefined, ...grants),
  accept: fc.constantFrom('text/html', 'application/json', '*/*'),
  authorization: fc.constantFrom(undefined, 'Basic !!', 'Basic eDp5', 'Bearer x', 'Bearer a.b.c', 'DPoP x'),
  cookie: fc.constantFrom(
    undefined,
    'picard_session=a',
    'picard_session=%00; picard_interaction=b',
    `picard_session=${'x'.repeat(500)}`,
  ),
  json: fc.constantFrom(
    undefined,
    '{',
    '[]',
    'null',
    '{"redirect_uris":[null]}',
    '{"redirect_uris":["https://a.example"],"jwks":{"keys":[{"kty":"x"}]}}',
    '{"redirect_uris":{"length":1}}',
  ),
});
type Fuzzed = typeof request extends fc.Arbitrary<infer T> ? T : never;

async function send(of: Fuzzed): Promise<string | null> {
  const [method = '', path = ''] = of.route.split(' ');
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(of.form)) for (const value of values) form.append(name, value);
  if (of.known) form.set('client_id', clientId);
  if (of.grant) form.set('grant_type', of.grant);
  const url = stage.at(path.replace('*', encodeURIComponent(of.segment.toWellFormed()) || 'x'));
  const reads = method === 'GET' || method === 'OPTIONS' || method === 'DELETE';
  if (reads) url.search = form.toString();
  const headers = new Headers({ accept: of.accept, 'x-forwarded-for': of.address });
  for (const name of ['authorization', 'cookie'] as const)
    if (of[name] !== undefined) headers.set(name, of[name]);
  if (!reads && of.json !== undefined) headers.set('content-type', 'application/json');
  const body = reads ? null : (of.json ?? form);
  const response = await fetch(url, { method, headers, body, redirect: 'manual' });
  const text = await response.text();
  return response.status < 500
    ? null
    : `${of.route} ${response.status} ${text.slice(0, 200)} ${JSON.stringify(of)}`;
}

test(
  `${REQUESTS} requests of nonsense are refused, and none of them is a fault of ours`,
  { timeout: 120_000 },
  async () => {
    const requests = fc.sample(request, { numRuns: REQUESTS, seed: 20_261_121 });
    const faults: string[] = [];
    for (let at = 0; at < requests.length; at += AT_ONCE) {
      const outcomes = await Promise.all(requests.slice(at, at + AT_ONCE).map(send));
      faults.push(...outcomes.filter((outcome) => outcome !== null));
    }
    expect(faults.slice(0, 5)).toEqual([]);
    // And all else still works.
    expect(await stage.statusAt('graphql', (await stage.tokens(clientId)).access_token)).toBe(200);
  },
);
