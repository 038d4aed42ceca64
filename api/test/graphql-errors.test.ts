import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { memoriesOf } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

const SUBMIT = 'mutation ($input: SubmitMemoryInput!) { submitMemory(input: $input) { __typename } }';

describe('P3 no guess at a name helps a stranger', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['a field', '{ viewerr { administrator } }', {}],
    ['a field below', '{ viewer { administratr } }', {}],
    ['an argument', '{ memories(frist: 1) { totalCount } }', {}],
    ['a type', '{ ...F } fragment F on Queri { __typename }', {}],
    ['an enum value', '{ memories(order: CREATED_DES) { totalCount } }', {}],
    ['a directive', '{ __typename @includ(if: true) }', {}],
    ['an input field', 'mutation { submitMemory(input: { txt: "x" }) { __typename } }', {}],
    ['an enum value in a variable', SUBMIT, { input: { text: 'x', kind: 'NOTEE' } }],
    ['an input field in a variable', SUBMIT, { input: { txt: 'x' } }],
  ])('P3 %s', async (_name, document, variables) => {
    for (const key of [null, picard.key]) {
      const { errors } = await picard.ask(document, variables, key);
      expect(errors?.length).toBeGreaterThan(0);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
      for (const { extensions } of errors ?? []) expect(extensions['code']).toMatch(/^[A-Z_]+$/);
    }
  });
});

describe('P3 every top-level error has a code, and a path where a field failed', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['GRAPHQL_PARSE_FAILED', '{ viewer', {}],
    ['GRAPHQL_VALIDATION_FAILED', '{ nothing }', {}],
    ['GRAPHQL_VALIDATION_FAILED', '{ memories(first: "1") { totalCount } }', {}],
    ['BAD_USER_INPUT', SUBMIT, {}],
    ['BAD_USER_INPUT', SUBMIT, { input: { text: 1 } }],
    ['BAD_USER_INPUT', SUBMIT, { input: { text: 'x', occurredAt: 'yesterday' } }],
    ['BAD_USER_INPUT', SUBMIT, { input: { text: 'x', position: 2 ** 31 } }],
    [
      'BAD_USER_INPUT',
      'mutation { submitMemory(input: { text: "x", occurredAt: "2026-02-30T00:00:00Z" }) { __typename } }',
      {},
    ],
  ])('P3 %s: %s %j', async (code, document, variables) => {
    const { errors } = await picard.ask(document, variables);
    expect(errors?.[0]?.extensions['code']).toBe(code);
  });

  test('P3 UNAUTHENTICATED names the field and asks for a credential', async () => {
    const { status, headers, data, errors } = await picard.ask('{ viewer { administrator } }', {}, null);
    expect([status, data]).toEqual([401, null]);
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer resource_metadata="http:[^"]+\/\.well-known\/oauth-protected-resource\/graphql"$/,
    );
    expect(errors).toMatchObject([{ path: ['viewer'], extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('P3 what fails inside stays inside', () => {
  test('P23 a damaged text is told by a correlation id alone', async () => {
    const mine = memoriesOf(picard);
    const { id } = await mine.keep({ text: 'a very private word' });
    await picard.picard.services.database.asOwner(
      (sql) =>
        sql`update memory_texts set sealed = set_byte(sealed, 19, get_byte(sealed, 19) # 255) where memory_id = ${id}`,
    );
    const answer = await picard.ask('query ($id: ID!) { memory(id: $id) { text } }', { id });
    expect(answer.data).toEqual({ memory: null });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]).toMatchObject({
      path: ['memory', 'text'],
      extensions: {
        code: 'INTERNAL_SERVER_ERROR',
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
    expect(Object.keys(answer.errors?.[0]?.extensions ?? {}).sort()).toEqual(['code', 'correlationId']);
    expect(JSON.stringify(answer)).not.toMatch(/unseal|key|private|\.ts|node_modules|select|stack/i);
    await mine.delete({ id });
  });

  test('P62 without its database it answers 503, tells when to come back, and nothing else', async () => {
    const broken = await startTestPicard();
    const { key, url } = broken;
    // The signed-in caller is remembered for a moment, so both ways to fail are met.
    await broken.ask('{ viewer { administrator } }');
    for (const { services } of broken.instances) await services.database.close();
    for (const credential of [key, `picard_${'x'.repeat(43)}`]) {
      const answer = await broken.ask('{ memories { totalCount } }', {}, credential);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('3');
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.errors?.[0]?.extensions['code']).toBe('UNAVAILABLE');
      expect(JSON.stringify(answer)).not.toMatch(/CONNECTION|sql|\.ts|node_modules|picard_/i);
    }
    for (const path of ['/health', '/readyz']) {
      const response = await fetch(new URL(path, url));
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3']);
      expect(await response.json()).toMatchObject({ status: 'unavailable' });
    }
    expect((await fetch(new URL('/healthz', url))).status).toBe(204);
    await broken[Symbol.asyncDispose]();
  });
});
