import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { identify } from './bearer.ts';
import { sendChallenge, sendJson } from './challenge.ts';
import type { AdapterLogger, Authenticator, Executor } from './executor.ts';
import { maskedFailure } from './failures.ts';
import { createLegacyLeg } from './legacy-sessions.ts';
import { createListenBus } from './listen-bus.ts';
import { createListen, isListen } from './listen.ts';
import type { UpdatesEntry } from './manifest.ts';
import { type ServerMaker, callerFor } from './mcp-server.ts';
import { authInfoOf, principalOf } from './principal-auth.ts';
import type { ProtectedResource } from './protected-resource.ts';
import { compileUpdates } from './resource-updates.ts';
import type { SessionLimits } from './sessions.ts';
import { withStillValid } from './still-valid.ts';

export interface McpHttpOptions {
  makeServer: ServerMaker;
  executor: Executor;
  /** The subscription that tells of changed resources. */
  updates: UpdatesEntry | null;
  authenticator: Authenticator;
  resource: ProtectedResource;
  limits: SessionLimits;
  /** Streams of changes open at once, over all callers. */
  maxStreams: number;
  maxBodyBytes: number;
  logger: AdapterLogger;
}

const MODERN = '2026-07-28';

/** `/mcp`: Streamable HTTP in both protocol eras, behind a bearer token. */
export function createMcpHttp(options: McpHttpOptions) {
  const { makeServer, executor, authenticator, resource, limits, maxBodyBytes, logger } = options;
  const onError = (error: Error) => logger.error({ error: error.name }, 'mcp request rejected');
  const follow = compileUpdates(options.updates, executor);
  const scopes = options.updates?.scopes ?? [];
  const listenBus = createListenBus(follow ?? followNothing, onError);
  const modern = createMcpHandler(makeServer, {
    legacy: 'reject',
    onerror: onError,
    maxRequestBodySize: maxBodyBytes,
    maxSubscriptions: options.maxStreams,
    bus: listenBus.bus,
  });
  const listen = createListen({
    bus: listenBus,
    scopes,
    callerOf: ({ authInfo }) => callerFor(principalOf(authInfo), executor, logger),
    resourceMetadataUrl: resource.resourceMetadataUrl,
    maxBodyBytes,
    serve: modern.fetch,
  });
  const updates = follow && { follow, scopes };
  const legacy = createLegacyLeg({ makeServer, executor, logger, updates, limits, maxBodyBytes, onError });
  const serve = toNodeHandler(
    {
      fetch: async (request, handed) => {
        const isModern = request.method === 'POST' && request.headers.get('mcp-protocol-version') === MODERN;
        if (isModern) return isListen(request) ? listen(request, handed) : modern.fetch(request, handed);
        const old = await isLegacyRequest(request, undefined, { maxRequestBodySize: maxBodyBytes });
        return old ? legacy.fetch(request, handed) : modern.fetch(request, handed);
      },
    },
    { onerror: onError, maxRequestBodySize: maxBodyBytes },
  );
  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const caller = await identify(req, 'mcp', authenticator);
      const { resourceMetadataUrl, scopes } = resource;
      if (caller.kind === 'wrong-face') {
        sendJson(
          res,
          403,
          oauthError('access_denied', 'This API key may not call MCP. Make one whose faces include MCP.'),
        );
        return;
      }
      if (caller.kind !== 'principal') {
        const description =
          caller.kind === 'invalid' ? 'The token is unknown, expired or revoked.' : 'Send a bearer token.';
        const error = caller.kind === 'invalid' ? ({ error: 'invalid_token' } as const) : {};
        const challenge = { status: 401, ...error, description, scopes, resourceMetadataUrl } as const;
        sendChallenge(res, challenge, oauthError('invalid_token', description));
        return;
      }
      if (Number(req.headers['content-length'] ?? 0) > maxBodyBytes) {
        // The SDK would close the connection on what is left of the body, and the answer be lost with it.
        const message = `The request may hold ${maxBodyBytes} bytes. Send a batch in parts.`;
        sendJson(res, 413, { jsonrpc: '2.0', error: { code: -32_000, message }, id: null });
        return;
      }
      // A session keeps this, and must not keep the request with it.
      const { authorization } = req.headers;
      const again = { headers: { authorization } } as IncomingMessage;
      const stillValid = async () => (await identify(again, 'mcp', authenticator)).kind === 'principal';
      const auth = withStillValid(
        authInfoOf(caller.principal, resource.resource, resourceMetadataUrl),
        stillValid,
      );
      try {
        if (hasTarget(req)) await serve(Object.assign(req, { auth }), res);
      } catch (error) {
        const { message } = maskedFailure(error, 'mcp', logger);
        if (res.headersSent) res.end();
        else sendJson(res, 500, oauthError('server_error', message));
      }
    },
    async close(): Promise<void> {
      await Promise.all([modern.close(), legacy.close()]);
    },
  };
}

async function* followNothing(): AsyncGenerator<readonly string[]> {
  // Nothing tells of changes.
}

/** Node types a request line as optional because responses share the class; a server's requests have one. */
function hasTarget(req: IncomingMessage): req is IncomingMessage & { method: string; url: string } {
  return req.method !== undefined && req.url !== undefined;
}

function oauthError(error: string, description: string): { error: string; error_description: string } {
  return { error, error_description: description };
}
