import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter } from './adapter.ts';
import { publicJwkOf, stateKeyOf } from './adapter-key.ts';
import { findApi } from './api-addresses.ts';
import { sendJson } from './challenge.ts';
import type { AdapterConfig } from './config.ts';
import { AdapterRefused, FaceRefused, SubjectRefused } from './exchange-errors.ts';
import { exchangingWith } from './exchanging.ts';
import type { AdapterLogger } from './executor.ts';
import { createHealth } from './health.ts';
import { answerPreflight } from './metadata-preflight.ts';
import { belowPublicUrl } from './protected-resource.ts';
import { createExchange, type Exchange } from './token-exchange.ts';

export interface RunningAdapter {
  /** Where it listens. */
  readonly url: URL;
  /** Where hosts reach it. */
  readonly publicUrl: URL;
  /** Takes no more requests, lets those in flight end, then closes. */
  close(): Promise<void>;
}

/** The adapter cannot work as it was set up; the message says what to change. */
export class AdapterStartError extends Error {
  override readonly name = 'AdapterStartError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How long requests in flight may go on after a stop was asked for. */
const DRAIN_MS = 10_000;
const IDLE_MS = 50;

/**
 * The MCP and REST faces in a process of their own, over an API that is asked with exchanged tokens.
 * @throws {AdapterStartError} where the API is not there, or does not know this adapter or its address
 */
export async function startAdapter(config: AdapterConfig, logger: AdapterLogger): Promise<RunningAdapter> {
  const api = await findApi(config.apiUrl, config.apiPatienceMs).catch(() => {
    throw new AdapterStartError(
      'API_UNREACHABLE',
      `No Picard answers at PICARD_API_URL=${config.apiUrl.href}. Start it first, or correct the address.`,
    );
  });
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const publicUrl = config.publicUrl ?? new URL(`http://localhost:${port}`);
  const audiences = {
    mcp: belowPublicUrl(publicUrl, 'mcp').href,
    rest: belowPublicUrl(publicUrl, 'api/tools').href,
  };
  const exchange = createExchange({ api, clientId: config.clientId, key: config.key, audiences });
  try {
    await proveOurselves(exchange, config, publicUrl);
  } catch (error) {
    server.close();
    throw error;
  }
  const adapter = createAdapter({
    ...exchangingWith(exchange, api),
    publicUrl,
    authorizationServers: [api.issuer],
    stateKey: stateKeyOf(config.key),
    logger,
  });
  const health = createHealth(api.health);

  server.on('request', (request, response) => {
    const pathname = (request.url ?? '').split('?')[0] ?? '';
    if (pathname.startsWith('/.well-known/') && answerPreflight(request, response)) return;
    if (adapter.handles(pathname)) void adapter.handle(request, response);
    else if (pathname === '/health' || pathname === '/readyz') void health(response);
    else if (pathname === '/healthz') response.writeHead(204).end();
    else if (pathname === '/') response.writeHead(302, { location: '/docs' }).end();
    else
      sendJson(response, 404, {
        error: { code: 'NOT_FOUND', message: 'Nothing is served here. See /docs.' },
      });
  });

  return {
    url: new URL(`http://${host}:${port}`),
    publicUrl,
    async close() {
      const closed = once(server, 'close');
      server.close();
      // A connection that is kept alive falls idle when its last request ends, which may be after this.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
      await adapter.close();
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
      await closed;
      clearTimeout(cut);
      clearInterval(idle);
    },
  };
}

/** Exchanges what is no token: the API says so only to an adapter that it knows, at the address that it knows. */
async function proveOurselves(exchange: Exchange, config: AdapterConfig, publicUrl: URL): Promise<void> {
  try {
    await exchange({ token: 'no-token', face: 'mcp' }, null);
  } catch (error) {
    if (error instanceof SubjectRefused) return;
    if (error instanceof AdapterRefused) {
      const client = JSON.stringify({ clientId: config.clientId, publicKey: publicJwkOf(config.key) });
      throw new AdapterStartError(
        'ADAPTER_UNKNOWN',
        `The API does not know this adapter. Start the API with PICARD_ADAPTER_CLIENT='${client}'`,
      );
    }
    if (error instanceof FaceRefused) {
      throw new AdapterStartError(
        'ADDRESS_UNKNOWN',
        `The API does not know that this adapter is at ${publicUrl.href}. Start both with the same PICARD_MCP_URL.`,
      );
    }
    throw error;
  }
}

async function listen(server: Server, { host, port }: AdapterConfig): Promise<void> {
  try {
    server.listen({ host, port, backlog: 2048 });
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new AdapterStartError(
      'PORT_IN_USE',
      `Port ${port} is taken by another program. Stop it, or choose another port: PICARD_ADAPTER_PORT=8102`,
    );
  }
}
