import { describe, expect, test } from 'vitest';
import { ApiKeyStage, SCOPES } from './accounts-api-key-stage.ts';
import { present } from './memories-operations.ts';
import { opened } from './opened.ts';

const stage = opened(() => ApiKeyStage.open());

/** Asks with any Authorization header. */
async function authorized(
  authorization: string,
): Promise<{ status: number; body: string; challenge: string | null }> {
  const response = await fetch(new URL('/graphql', stage().picard.url), {
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
    const { status, errors } = await stage().picard.ask(SCOPES, {}, null);
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
    for (const key of [
      stage().picard.key.slice(0, -1),
      `${stage().picard.key}x`,
      stage().picard.key.toUpperCase(),
    ])
      expect((await authorized(`Bearer ${key}`)).status).toBe(401);
    expect((await authorized(`bearer   ${stage().picard.key} `)).status).toBe(200);
  });

  test('P66 an expired key is refused', async () => {
    const { secret, apiKey } = await stage().create({ expiresAt: '2999-01-01T00:00:00Z' });
    await stage().picard.picard.services.database.asOwner(
      (sql) => sql`update api_keys set expires_at = now() where id = ${present(apiKey).id}`,
    );
    expect((await stage().picard.ask(SCOPES, {}, secret)).status).toBe(401);
  });

  test('P66 P14 a revoked key is refused within a second, though it was in use', async () => {
    const { secret, apiKey } = await stage().create({});
    expect((await stage().picard.ask(SCOPES, {}, secret)).status).toBe(200);
    expect(await stage().revoke(present(apiKey).id)).toBe('RevokeApiKeyPayload');
    const revoked = performance.now();
    // By every instance, which are asked in turn.
    for (let refusals = 0; refusals < stage().picard.instances.length;) {
      const asked = performance.now();
      refusals = (await stage().picard.ask(SCOPES, {}, secret)).status === 401 ? refusals + 1 : 0;
      // Whatever was asked later than a second after the end must have been refused.
      if (refusals === 0) expect(asked - revoked).toBeLessThan(1_000);
    }
    expect(await stage().revoke(present(apiKey).id)).toBe('ApiKeyNotFound');
  });

  test('P66 a key of another face is told so', async () => {
    const answer = await stage().picard.ask(SCOPES, {}, await stage().secretOf({ faces: ['MCP', 'REST'] }));
    expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([403, 'FORBIDDEN']);
    expect(answer.errors?.[0]?.message).toContain('graphql');
  });
});
