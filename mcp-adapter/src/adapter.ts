import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './challenge.ts';
import type { AdapterLogger, Authenticator, Executor } from './executor.ts';
import { maskedFailure } from './failures.ts';
import { isRecord } from './json-schema.ts';
import { type Manifest, loadManifest } from './manifest.ts';
import { createMcpHttp } from './mcp-http.ts';
import { compileServer } from './mcp-server.ts';
import { openApiDocument } from './openapi.ts';
import { protectedResourceOf } from './protected-resource.ts';
import { referencePage } from './reference-page.ts';
import { createOriginCheck } from './request-origin.ts';
import { createStateSeal } from './request-state.ts';
import { createRest } from './rest.ts';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from './sessions.ts';

export interface AdapterOptions {
  executor: Executor;
  authenticator: Authenticator;
  /** Of the whole service, such as `http://localhost:8001`. */
  publicUrl: URL;
  logger: AdapterLogger;
  /** Host names, without port, under which the service is reached beside the public and loopback ones. */
  allowedHosts?: readonly string[];
  /** OAuth issuers whose tokens the authenticator takes. */
  authorizationServers?: readonly string[];
  sessionLimits?: SessionLimits;
  /** Streams of changed resources open at once; the SDK's own bound is 1,024. */
  maxStreams?: number;
  /**
   * Seals what a host carries between the rounds of a call that asks: 32 bytes or more, the same in every process.
   * Without it each process makes its own, which is enough for one.
   */
  stateKey?: Uint8Array;
  /** Largest request body, in bytes. */
  maxBodyBytes?: number;
  /** Defaults to the committed manifest. */
  manifest?: Manifest;
}

export interface Adapter {
  /** Whether a path of the service is the adapter's. */
  handles(pathname: string): boolean;
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** Ends sessions and streams. */
  close(): Promise<void>;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void> | void;

const EIGHT_MEGABYTES = 8 * 1024 * 1024;
const DEFAULT_MAX_STREAMS = 16_384;

/**
 * The MCP and REST faces over one executor, to be mounted in any `node:http` server.
 * @example
 * const adapter = createAdapter({ executor, authenticator, publicUrl: new URL('http://localhost:8001'), logger });
 * createServer((req, res) => adapter.handles(pathOf(req)) ? adapter.handle(req, res) : rest(req, res));
 */
export function createAdapter(options: AdapterOptions): Adapter {
  const { executor, authenticator, publicUrl, logger, maxBodyBytes = EIGHT_MEGABYTES } = options;
  const manifest = options.manifest ?? loadManifest();
  const version = adapterVersion();
  const resource = protectedResourceOf(publicUrl, manifest, options.authorizationServers ?? []);
  const mcp = createMcpHttp({
    makeServer: compileServer({
      manifest,
      executor,
      logger,
      version,
      seal: createStateSeal(options.stateKey),
    }),
    executor,
    updates: manifest.updates,
    authenticator,
    resource,
    limits: options.sessionLimits ?? DEFAULT_SESSION_LIMITS,
    maxStreams: options.maxStreams ?? DEFAULT_MAX_STREAMS,
    maxBodyBytes,
    logger,
  });
  const page = referencePage(manifest, publicUrl);
  const handlers = new Map<string, Handler>([
    ['/mcp', (req, res) => mcp.handle(req, res)],
    [
      '/api/tools',
      createRest({ manifest, executor, authenticator, scopes: resource.scopes, maxBodyBytes, logger }),
    ],
    [
      '/openapi.json',
      publicDocument('application/json', JSON.stringify(openApiDocument(manifest, publicUrl, version))),
    ],
    [resourceMetadataPath, publicDocument('application/json', JSON.stringify(resource.metadata))],
    [
      '/docs',
      publicDocument('text/html', page.html, { 'content-security-policy': page.contentSecurityPolicy }),
    ],
  ]);
  const refuse = createOriginCheck(publicUrl, options.allowedHosts ?? []);
  return {
    handles: (pathname) => handlers.has(pathname),
    async handle(req, res) {
      const refusal = refuse(req);
      if (refusal !== undefined) {
        sendJson(res, 403, { error: { code: 'FORBIDDEN', message: refusal } });
        return;
      }
      const handler = handlers.get(pathnameOf(req));
      try {
        if (handler) await handler(req, res);
        else sendJson(res, 404, { error: { code: 'NOT_FOUND', message: 'Nothing is served here.' } });
      } catch (error) {
        failRequest(res, error, logger);
      }
    },
    close: () => mcp.close(),
  };
}

function failRequest(res: ServerResponse, error: unknown, logger: AdapterLogger): void {
  const isAway = error instanceof Error && 'code' in error && error.code === 'UNAVAILABLE';
  if (res.headersSent) res.destroy();
  else if (isAway) {
    const message = 'Who you are cannot be looked up just now. Call again in a few seconds.';
    sendJson(res, 503, { error: { code: 'UNAVAILABLE', message } }, { 'retry-after': '3' });
  } else {
    const { code, message } = maskedFailure(error, 'request', logger);
    sendJson(res, 500, { error: { code, message } });
  }
}

/** RFC 9728 section 3.1: the well-known part goes before the resource's path. */
const resourceMetadataPath = '/.well-known/oauth-protected-resource/mcp';

function publicDocument(mediaType: string, text: string, headers: Record<string, string> = {}): Handler {
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      sendJson(
        res,
        405,
        { error: { code: 'METHOD_NOT_ALLOWED', message: 'Use GET.' } },
        { allow: 'GET, HEAD' },
      );
      return;
    }
    res.writeHead(200, {
      'content-type': `${mediaType}; charset=utf-8`,
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...headers,
    });
    res.end(req.method === 'HEAD' ? undefined : text);
  };
}

/** The path of a request target, without query; a target that is no path has none. */
function pathnameOf(req: IncomingMessage): string {
  return (req.url ?? '').split('?')[0] ?? '';
}

function adapterVersion(): string {
  const value: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return isRecord(value) && typeof value['version'] === 'string' ? value['version'] : '0.0.0';
}
