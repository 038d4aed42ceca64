import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

const at = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, picard.url), { redirect: 'manual', ...init });
const ORIGIN = 'https://app.example';
const ask = (
  headers: Record<string, string>,
  body = '{"query":"{ viewer { administrator } }"}',
): Promise<Response> =>
  at('/graphql', {
    method: 'POST',
    headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers },
    body,
  });

describe('P3 D34 other origins', () => {
  test('P3 a preflight allows the credential in its header, and no cookies', async () => {
    const response = await at('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(response.status).toBe(204);
    expect(['*', ORIGIN]).toContain(response.headers.get('access-control-allow-origin'));
    expect(response.headers.get('access-control-allow-methods')).toMatch(/POST/);
    expect(response.headers.get('access-control-allow-headers')).toMatch(/authorization/);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('P3 answers and refusals alike can be read', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    const responses = await Promise.all([
      ask({ authorization: `Bearer ${picard.key}` }),
      ask({}),
      ask({ authorization: 'Bearer nobody' }),
      ask({}, large),
      ask({}, 'no JSON'),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([200, 401, 401, 413, 400]);
    for (const { headers } of responses) {
      expect(['*', ORIGIN]).toContain(headers.get('access-control-allow-origin'));
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});

describe('P56 P62 other paths', () => {
  test.each(['/nothing', '/graphql/', '/graphqlx', '/health/x', '/%2e%2e/etc/passwd', '/graphiql.js'])(
    'P62 %s is not there',
    async (path) => {
      const response = await at(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test('P56 /health and /readyz tell how it is, /healthz that it lives', async () => {
    for (const path of ['/health', '/readyz', '/health?x=1']) {
      const response = await at(path);
      expect([response.status, await response.json()]).toMatchObject([
        200,
        { status: 'ok', database: picard.picard.services.database.kind, embeddingModel: null },
      ]);
    }
    expect((await at('/healthz')).status).toBe(204);
    expect((await at('/')).headers.get('location')).toBe('/docs');
  });

  test('P3 a query by GET is answered, a mutation by GET is not', async () => {
    const get = (query: string): Promise<Response> =>
      at(`/graphql?${new URLSearchParams({ query })}`, {
        headers: { authorization: `Bearer ${picard.key}` },
      });
    expect(await (await get('{ viewer { administrator } }')).json()).toEqual({
      data: { viewer: { administrator: true } },
    });
    expect((await get('mutation { rotateMasterKey { masterKeyVersion } }')).status).toBe(405);
  });
});

describe('C22 the explorer', () => {
  test('C22 the page and every part that it names come from here, under a policy that lets nothing else in', async () => {
    const page = await at('/graphiql');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/frame-ancestors 'none'/);
    const html = await page.text();
    expect(html).not.toMatch(/https?:\/\/|\/\/[a-z]/i);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i);
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => !path.startsWith('data:'));
    expect(named.length).toBeGreaterThanOrEqual(3);
    const script = await (await at('/graphiql/explorer.js')).text();
    expect(script).not.toMatch(/https?:\/\//);
    const workers = ['editor', 'json', 'graphql'].map((worker) => `/graphiql/${worker}.worker.js`);
    for (const path of [...named, ...workers]) {
      const response = await at(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toMatch(
        path.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  test('C22 what did not change is not sent again', async () => {
    const first = await at('/graphiql/explorer.js');
    const etag = first.headers.get('etag') ?? '';
    await first.arrayBuffer();
    const again = await at('/graphiql/explorer.js', { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await at('/graphiql', { method: 'HEAD' })).status).toBe(200);
    expect((await at('/graphiql', { method: 'POST' })).status).toBe(405);
    expect((await at('/graphiql/../package.json')).status).toBe(404);
    expect((await at('/graphiql/nothing.js')).status).toBe(404);
  });
});
