import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerPreflight } from '@picard/mcp-adapter/metadata-preflight';
import { createAuthenticate } from '../accounts/authenticate.ts';
import { openOauth, type Oauth, type OauthOptions } from '../oauth/open-oauth.ts';
import { createPages } from '../pages/pages.ts';
import { publicError } from '../schema/errors.ts';
import type { Services } from '../services.ts';
import { actingAs } from '../storage/acting.ts';
import { createAddressOf } from '../trusted-proxies.ts';
import { explorer } from './explorer.ts';
import { createGraphqlHandler } from './graphql.ts';
import { graphqlResource } from './graphql-resource.ts';
import { health } from './health.ts';
import { mountAdapter } from './mount-adapter.ts';
import { sendError } from './respond.ts';

/** How long requests in flight may go on after a stop was asked for. */
const DRAIN_MS = 10_000;
const IDLE_MS = 50;

export interface HttpOptions extends Pick<
  OauthOptions,
  'oauthClients' | 'trustedIssuers' | 'clientDocuments' | 'fetchDocument'
> {
  host: string;
  port: number;
  publicUrl: string | undefined;
  /** Of the MCP adapter, where it runs apart. */
  mcpUrl: string | undefined;
  /** Networks, as `trustedProxies` reads them. */
  trustedProxies: readonly string[];
}

export interface HttpServer {
  /** Where it listens. */
  readonly url: URL;
  /** Where others reach it. */
  readonly publicUrl: URL;
  readonly oauth: Oauth;
  /** Takes no more requests, lets those in flight end, then closes. */
  close(): Promise<void>;
}

/** Every face of Picard in one `node:http` server. */
export async function startHttp(services: Services, options: HttpOptions): Promise<HttpServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`);
  const publicUrl = new URL(options.publicUrl ?? `http://localhost:${port}`);
  const addressOf = createAddressOf(options.trustedProxies);
  const oauth = await openOauth(services, {
    ...options,
    publicUrl,
    addressOf,
    mcpUrl: options.mcpUrl === undefined ? undefined : new URL(options.mcpUrl),
    authenticateKey: createAuthenticate(services.database),
  });
  const pages = createPages(services, oauth, { publicUrl, addressOf });
  const { authenticate, addresses } = oauth;
  const resource = graphqlResource(addresses.resources.graphql, addresses.issuer);
  const closing = new AbortController();
  const graphql = createGraphqlHandler(services, authenticate, closing.signal, publicUrl, resource);
  const adapter = await mountAdapter(services, oauth, publicUrl, options.mcpUrl !== undefined);

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = (request.url ?? '').split('?')[0] ?? '';
    if (pathname === '/graphql') return graphql(request, response);
    if (pages.handles(pathname))
      return actingAs({ account: null, face: 'page' }, () => pages.handle(request, response));
    if (oauth.handles(pathname))
      return actingAs({ account: null, face: 'oauth' }, () => oauth.handle(request, response));
    if (pathname.startsWith('/.well-known/') && answerPreflight(request, response)) return;
    if (pathname === resource.metadataPath) return resource.serveMetadata(request, response);
    if (adapter.handles(pathname)) return adapter.handle(request, response);
    if (pathname === '/health' || pathname === '/readyz') return health(services, request, response);
    if (pathname === '/healthz') return end(response, 204);
    if (pathname === '/graphiql' || pathname.startsWith('/graphiql/'))
      return explorer(request, response, pathname);
    if (pathname === '/') return end(response, 302, { location: adapter.docs });
    sendError(response, 404, 'NOT_FOUND', 'Nothing is served here. See /docs for what is.');
  }

  server.on('request', (request, response) => {
    route(request, response).catch((error: unknown) => {
      const { message, extensions } = publicError(error, services.logger);
      const status = extensions['code'] === 'UNAVAILABLE' ? 503 : 500;
      if (response.headersSent) response.destroy();
      else
        sendError(
          response,
          status,
          String(extensions['code']),
          message,
          status === 503 ? { 'retry-after': '3' } : {},
        );
    });
  });

  return {
    url,
    publicUrl,
    oauth,
    async close() {
      oauth.close();
      const closed = once(server, 'close');
      server.close();
      closing.abort();
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

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}

async function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  try {
    server.listen({ host, port, backlog: 2048 });
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortInUse(port);
    throw error;
  }
}

export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly code = 'PORT_IN_USE';
  constructor(port: number) {
    super(
      `Port ${port} is taken by another program. Stop it, or choose another port: PICARD_PORT=8101 npm start`,
    );
  }
}
