import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { principal, schema } from '../test/fixture-api.ts';
import { createHttpExecutor, fetchPrincipal } from './http-executor.ts';

let server: Server;
let url: URL;

/** GraphQL over HTTP over the real schema; `/html` answers as a wrong URL would. */
beforeAll(async () => {
  server = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(Buffer.from(chunk));
      if (req.url === '/html')
        return void res.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      const { query, variables, operationName } = JSON.parse(Buffer.concat(chunks).toString());
      const known = req.headers.authorization === 'Bearer good';
      const viewer = { scopes: ['memories:read'], user: { id: principal().userId } };
      const rootValue = known ? { viewer } : {};
      const result = await graphql({
        schema,
        source: query,
        variableValues: variables,
        operationName,
        rootValue,
      });
      res.writeHead(200, { 'content-type': 'application/graphql-response+json' }).end(JSON.stringify(result));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  url = new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('the HTTP executor', () => {
  it('learns whom the token stands for', async () => {
    expect(await fetchPrincipal({ url, token: () => Promise.resolve('good') })).toMatchObject({
      userId: principal().userId,
      scopes: new Set(['memories:read']),
    });
  });

  it('says what to do when the token is refused', async () => {
    await expect(fetchPrincipal({ url, token: () => Promise.resolve('bad') })).rejects.toThrow(
      'Set PICARD_TOKEN to a key that it takes',
    );
  });

  const request = { operationName: 'A', variables: {}, principal: principal() };

  it('passes errors of the API on as a result', async () => {
    const result = await createHttpExecutor({ url, token: () => Promise.resolve('good') }).execute({
      ...request,
      document: 'query A { nope }',
    });
    expect(result.errors?.[0]?.message).toContain('nope');
  });

  it('throws when what answers is no GraphQL endpoint', async () => {
    const executor = createHttpExecutor({ url: new URL('/html', url), token: () => Promise.resolve('good') });
    await expect(executor.execute({ ...request, document: 'query A { viewer { scopes } }' })).rejects.toThrow(
      '502',
    );
  });

  it('stops when the caller is gone', async () => {
    const signal = AbortSignal.abort();
    const executor = createHttpExecutor({ url, token: () => Promise.resolve('good') });
    await expect(
      executor.execute({ ...request, document: 'query A { viewer { scopes } }', signal }),
    ).rejects.toThrow();
  });
});
