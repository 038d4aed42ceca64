import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuthorizationServer } from './authorization-server.ts';

let server: Server;
let at: URL;
/** What the server says of itself, and how it answers at its token endpoint. */
let metadata: Record<string, unknown>;
let answer: { status: number; body: unknown };
beforeEach(async () => {
  server = createServer((request, response) => {
    const found = request.url?.startsWith('/.well-known/') ? { status: 200, body: metadata } : answer;
    response
      .writeHead(found.status, { 'content-type': 'application/json' })
      .end(typeof found.body === 'string' ? found.body : JSON.stringify(found.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  at = new URL(`http://localhost:${(server.address() as AddressInfo).port}`);
  metadata = { issuer: at.origin, token_endpoint: `${at.origin}/token` };
});
afterEach(() => server.close());

const connect = () => AuthorizationServer.connect(at, at.origin, 'client');

test('a server that names another’s address, or one in clear, gets no token to send there', async () => {
  for (const issuer of ['https://example.org', 'http://localhost:1', 'nothing']) {
    metadata = { ...metadata, issuer };
    await expect(connect()).rejects.toMatchObject({ code: 'OTHER_ADDRESS' });
  }
  // TEST-NET-1: asking there would take until the request is given up.
  metadata = { issuer: at.origin, token_endpoint: 'http://192.0.2.1/token' };
  await expect((await connect()).refresh('secret-word')).rejects.toMatchObject({ code: 'INSECURE_ADDRESS' });
});

test('a refusal is told by its word, and what is no answer as a server that cannot be reached', async () => {
  answer = { status: 400, body: { error: 'invalid_grant' } };
  await expect((await connect()).refresh('secret-word')).rejects.toMatchObject({ error: 'invalid_grant' });
  const noAnswers = [
    { status: 503, body: { error: 'temporarily_unavailable' } },
    { status: 200, body: '<html>' },
    { status: 404, body: 'nothing here' },
    { status: 200, body: { token_type: 'bearer' } },
  ];
  for (answer of noAnswers)
    await expect((await connect()).refresh('secret-word')).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      message: expect.not.stringContaining('secret-word'),
    });
  server.close();
  server.closeAllConnections();
  await expect(connect()).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
});
