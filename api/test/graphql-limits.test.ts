import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

const times = (count: number, piece: (n: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, n) => piece(n)).join(between);

/** Each fragment spreads the next twice: 2^n fields out of 2n spreads. */
const doubling = (levels: number): string =>
  `{ viewer { ...F0 } } ${times(levels, (n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Viewer { administrator }`;
const nested = (depth: number, field: (below: string) => string): string => {
  let below = '__typename';
  for (let n = 0; n < depth; n += 1) below = field(below);
  return below;
};

const bombs: [name: string, code: string, document: string][] = [
  [
    'a depth of 300',
    'DOCUMENT_TOO_LARGE',
    `{ ${nested(60, (b) => `viewer { memories { edges { node { owner { ${b} } } } } }`)} }`,
  ],
  [
    'a depth of 300 in a fragment',
    'DOCUMENT_TOO_LARGE',
    `{ ...F } fragment F on Query { ${nested(150, (b) => `viewer { user { ${b} } }`)} }`,
  ],
  ['an alias flood', 'DOCUMENT_TOO_LARGE', `{ ${times(300, (n) => `a${n}: __typename`)} }`],
  [
    'an alias flood in fragments',
    'DOCUMENT_TOO_LARGE',
    `{ ${times(20, () => '...F')} } fragment F on Query { a: __typename b: __typename }`,
  ],
  ['a directive flood', 'DOCUMENT_TOO_LARGE', `{ __typename ${times(100, () => '@include(if: true)')} }`],
  ['a flood of unknown directives', 'DOCUMENT_TOO_LARGE', `{ __typename ${times(900, () => '@a')} }`],
  ['a token flood', 'GRAPHQL_PARSE_FAILED', `{ ${times(500_000, () => 'a')} }`],
  ['a token flood of brackets', 'GRAPHQL_PARSE_FAILED', '{a'.repeat(300_000)],
  ['a list nested 100,000 deep', 'DOCUMENT_TOO_LARGE', `{ memories(first: ${'['.repeat(100_000)}`],
  ['an exponential bomb of fragment spreads', 'DOCUMENT_TOO_LARGE', doubling(40)],
  [
    'circular fragments',
    'GRAPHQL_VALIDATION_FAILED',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
  ],
  [
    'a fragment that spreads itself in a field',
    'GRAPHQL_VALIDATION_FAILED',
    '{ viewer { user { ...A } } } fragment A on User { memories { edges { node { owner { ...A } } } } }',
  ],
  [
    'an introspection bomb',
    'DOCUMENT_TOO_LARGE',
    `{ __schema { types { ${nested(20, (b) => `fields { type { ${b} } }`)} } } }`,
  ],
  [
    'a cost beyond the limit',
    'TOO_COSTLY',
    '{ memories(first: 100) { edges { node { versions(first: 100) { edges { cursor } } } } } }',
  ],
  [
    'a cost in default values of variables',
    'TOO_COSTLY',
    'query ($n: Int = 100) { memories(first: $n) { edges { node { versions(first: $n) { edges { cursor } } } } } }',
  ],
  [
    'a cost in fragments',
    'TOO_COSTLY',
    `{ ${times(25, (n) => `a${n}: memories(first: 100) { ...F }`)} } fragment F on MemoryConnection { edges { cursor } }`,
  ],
  [
    'a cost in variables',
    'TOO_COSTLY',
    'query ($n: Int) { memories(first: $n) { edges { node { versions(first: $n) { edges { cursor } } } } } }',
  ],
];

describe('P3 oauth.md: every bomb is refused by its code before a resolver runs', () => {
  test.each(bombs)('P3 %s: %s', async (_name, code, document) => {
    const work = picard.instances.map(({ services }) => vi.spyOn(services.database, 'forViewer'));
    const answer = await picard.ask(document, { n: 100 });
    expect(answer.errors?.map(({ extensions }) => extensions['code'])[0]).toBe(code);
    expect(answer.data ?? null).toBeNull();
    for (const each of work) {
      expect(each).not.toHaveBeenCalled();
      each.mockRestore();
    }
  });

  test('P3 many operations in one document, each large, are no way around', async () => {
    const query = `${times(100, (n) => `query Q${n} { ...F0 }`)} ${times(12, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F12 on Query { __typename }`;
    const body = JSON.stringify({ query, operationName: 'Q1' });
    expect((await raw({}, body)).code).toBe('DOCUMENT_TOO_LARGE');
  });

  test('P3 fields that repeat by the hundred are answered once', async () => {
    const document = `{ ${times(300, () => '__typename')} viewer { ${times(300, () => 'administrator')} } }`;
    expect(await picard.data(document)).toEqual({ __typename: 'Query', viewer: { administrator: true } });
  });

  test('P3 what stays within the limits is answered', async () => {
    const fine = [
      `{ ${times(30, (n) => `a${n}: __typename`)} }`,
      `{ __typename ${times(1, () => '@include(if: true)')} }`,
      '{ memories(first: 100) { totalCount pageInfo { endCursor } edges { node { id embedded } } } }',
      '{ viewer { memories { edges { node { owner { memories(first: 1) { edges { node { owner { id } } } } } } } } } }',
    ];
    for (const document of fine) expect((await picard.ask(document)).errors).toBeUndefined();
  });

  test('P3 the introspection that tools ask for is answered', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect((await picard.ask(getIntrospectionQuery())).errors).toBeUndefined();
  });
});

/** As `fetch` would not: any headers, and the body only as far as told. */
async function raw(
  headers: Record<string, string>,
  body: string | null,
): Promise<{ status: number; code: unknown }> {
  const outgoing = request(new URL('/graphql', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  if (body === null) outgoing.flushHeaders();
  else outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  outgoing.destroy();
  const { errors } = JSON.parse(text) as { errors?: { extensions: { code: unknown } }[] };
  return { status: response.statusCode ?? 0, code: errors?.[0]?.extensions.code };
}

describe('P3 bodies', () => {
  const MB = 1024 * 1024;
  const padded = (bytes: number): string => JSON.stringify({ query: '{ __typename }' }).padEnd(bytes, ' ');
  const signedIn = (): Record<string, string> => ({ authorization: `Bearer ${picard.key}` });

  test('P3 up to 1 MB without a credential, up to 8 MB with one', async () => {
    expect((await raw({ 'content-length': String(MB) }, padded(MB))).status).toBe(200);
    expect((await raw({ 'content-length': String(8 * MB), ...signedIn() }, padded(8 * MB))).status).toBe(200);
  });

  test('P3 a larger one is refused by what it declares, before a byte of it is read', async () => {
    const tooLarge = { status: 413, code: 'BODY_TOO_LARGE' };
    // No body is ever sent: whoever waited for it would not answer.
    expect(await raw({ 'content-length': String(MB + 1) }, null)).toEqual(tooLarge);
    expect(await raw({ 'content-length': String(8 * MB + 1), ...signedIn() }, null)).toEqual(tooLarge);
    expect(await raw({ 'content-length': String(20 * MB), ...signedIn() }, null)).toEqual(tooLarge);
  });

  test('P3 a client that sends 20 MB all the same reads the refusal', async () => {
    const response = await fetch(new URL('/graphql', picard.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signedIn() },
      body: 'x'.repeat(20 * MB),
    });
    expect(response.status).toBe(413);
  });

  test('P3 a body without a length is refused', async () => {
    expect(await raw({ 'transfer-encoding': 'chunked' }, padded(100))).toEqual({
      status: 411,
      code: 'LENGTH_REQUIRED',
    });
  });

  test('P3 an array of requests is refused', async () => {
    const one = JSON.parse(padded(10)) as object;
    for (const body of [[one], [one, one], []])
      expect(await raw(signedIn(), JSON.stringify(body))).toEqual({ status: 400, code: 'BAD_REQUEST' });
  });

  test('P3 JSON nested 100,000 deep is refused or ignored, and the server lives', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const document = '"query ($input: SubmitMemoryInput!) { submitMemory(input: $input) { __typename } }"';
    const { status } = await raw(signedIn(), `{"query": ${document}, "variables": {"input": ${deep}}}`);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect((await picard.ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
