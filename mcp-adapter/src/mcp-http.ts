import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { identify } from './bearer.ts';
import { sendChallenge, sendJson } from './challenge.ts';
import type { AdapterLogger, Authenticator } from './executor.ts';
import { maskedFailure } from './failures.ts';
import { createLegacyLeg } from './legacy-sessions.ts';
import type { ServerMaker } from './mcp-server.ts';
import { authInfoOf } from './principal-auth.ts';
import type { ProtectedResource } from './protected-resource.ts';
import type { SessionLimits } from './sessions.ts';

export interface McpHttpOptions {
  makeServer: ServerMaker;
  authenticator: Authenticator;
  resource: ProtectedResource;
  limits: SessionLimits;
  maxBodyBytes: number;
  logger: AdapterLogger;
}

const MODERN = '2026-07-28';

/** `/mcp`: Streamable HTTP in both protocol eras, behind a bearer token. */
export function createMcpHttp({
  makeServer,
  authenticator,
  resource,
  limits,
  maxBodyBytes,
  logger,
}: McpHttpOptions) {
  const onError = (error: Error) => logger.error({ error: error.name }, 'mcp request rejected');
  const modern = createMcpHandler(makeServer, {
    legacy: 'reject',
    onerror: onError,
    maxRequestBodySize: maxBodyBytes,
  });
  const legacy = createLegacyLeg({ makeServer, limits, maxBodyBytes, onError });
  const serve = toNodeHandler(
    {
      fetch: async (request, options) => {
        const isModern = request.method === 'POST' && request.headers.get('mcp-protocol-version') === MODERN;
        const old =
          !isModern && (await isLegacyRequest(request, undefined, { maxRequestBodySize: maxBodyBytes }));
        return old ? legacy.fetch(request, options) : modern.fetch(request, options);
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
      const auth = authInfoOf(caller.principal, resource.resource, resourceMetadataUrl);
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

/** Node types a request line as optional because responses share the class; a server's requests have one. */
function hasTarget(req: IncomingMessage): req is IncomingMessage & { method: string; url: string } {
  return req.method !== undefined && req.url !== undefined;
}

function oauthError(error: string, description: string): { error: string; error_description: string } {
  return { error, error_description: description };
}
