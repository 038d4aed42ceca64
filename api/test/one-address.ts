import { once } from 'node:events';
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Decides which server answers a request, and sees what it answered. */
export interface Routes {
  serverFor(request: IncomingMessage): URL;
  answered?(server: URL, response: IncomingMessage): void;
}

/** What people put before several servers: one address on loopback, known before they start. */
export interface OneAddress extends AsyncDisposable {
  readonly url: URL;
  use(routes: Routes): void;
}

/** Passes requests and answers on as they are, headers included, each part as it comes; who goes away goes away on both sides. */
export async function openAddress(): Promise<OneAddress> {
  let routes: Routes | undefined;
  const agent = new Agent({ keepAlive: true });
  const server = createServer({ keepAliveTimeout: 65_000 }, (incoming, outgoing) => {
    if (routes) pass(routes, agent, incoming, outgoing);
    else outgoing.destroy();
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    use(given) {
      routes = given;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

function pass(routes: Routes, agent: Agent, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const target = routes.serverFor(incoming);
  const forwarded = ask({
    agent,
    host: target.hostname,
    port: target.port,
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: endToEnd(incoming.rawHeaders),
  });
  let answer: IncomingMessage | undefined;
  forwarded.on('response', (response) => {
    answer = response;
    // Whoever answers before the end of a body wants no more of it, but who sends it does not know yet.
    if (!incoming.readableEnded) {
      incoming.unpipe(forwarded);
      incoming.resume();
    }
    routes.answered?.(target, response);
    outgoing.writeHead(
      response.statusCode ?? 502,
      response.statusMessage ?? '',
      endToEnd(response.rawHeaders),
    );
    outgoing.flushHeaders();
    response.on('error', () => outgoing.destroy());
    response.pipe(outgoing);
  });
  forwarded.on('error', () => {
    // A server may hang up after it has answered: that answer still goes out.
    if (!answer) outgoing.destroy();
  });
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) forwarded.destroy();
  });
  incoming.on('error', () => forwarded.destroy());
  // What waits for the headers alone must not wait for the body.
  forwarded.flushHeaders();
  incoming.pipe(forwarded);
}

/** Without what is about one connection alone (RFC 9110 section 7.6.1); how the body is framed stays as it is. */
function endToEnd(rawHeaders: readonly string[]): string[] {
  const names = rawHeaders.map((name, at) => rawHeaders[at - (at % 2)] ?? name);
  return rawHeaders.filter((_each, at) => !/^(connection|keep-alive)$/i.test(names[at] ?? ''));
}

/** One after the other, but for MCP sessions of before 2026-07-28: they live in the server that opened them. */
export function inTurn(servers: readonly URL[]): Routes {
  const opened = new Map<string, URL>();
  let turn = 0;
  return {
    serverFor(request) {
      const own = opened.get(String(request.headers[SESSION]));
      const next = own ?? servers[turn % servers.length];
      if (!own) turn += 1;
      if (!next) throw new Error('There is no server');
      return next;
    },
    answered(server, { headers }) {
      const id = headers[SESSION];
      if (typeof id === 'string') opened.set(id, server);
    },
  };
}

const SESSION = 'mcp-session-id';
