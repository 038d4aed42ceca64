import { randomUUID } from 'node:crypto';
import {
  type McpHandlerRequestOptions,
  WebStandardStreamableHTTPServerTransport,
  isInitializeRequest,
  legacyStatelessFallback,
  readRequestBody,
} from '@modelcontextprotocol/server';
import type { AdapterLogger, Executor, Principal } from './executor.ts';
import type { UpdatesEntry } from './manifest.ts';
import { type ServerMaker, callerFor } from './mcp-server.ts';
import { principalOf } from './principal-auth.ts';
import type { FollowUpdates } from './resource-updates.ts';
import { serveSubscriptions } from './session-subscriptions.ts';
import { type Session, type SessionLimits, SessionStore } from './sessions.ts';
import { stillValidOf } from './still-valid.ts';
import { abortAt, endedBy } from './stream-end.ts';

interface LegacySession extends Session {
  /** As of the latest request: a token may be renewed or narrowed during a session. */
  principal: Principal;
  stillValid(): Promise<boolean>;
  transport: WebStandardStreamableHTTPServerTransport;
}

export interface LegacyOptions {
  makeServer: ServerMaker;
  executor: Executor;
  logger: AdapterLogger;
  /** What tells of changed resources, if anything does, and who may hear it. */
  updates: { follow: FollowUpdates; scopes: UpdatesEntry['scopes'] } | undefined;
  limits: SessionLimits;
  maxBodyBytes: number;
  onError: (error: Error) => void;
}

/** The 2025-11-25 leg: a session for hosts that initialize, one-off service for requests that do not. */
export function createLegacyLeg(legacy: LegacyOptions) {
  const { makeServer, executor, logger, updates, limits, maxBodyBytes, onError } = legacy;
  const sessions = new SessionStore<LegacySession>(limits);
  const stateless = legacyStatelessFallback(makeServer, onError, { maxRequestBodySize: maxBodyBytes });

  const open = async (request: Request, options: McpHandlerRequestOptions, principal: Principal) => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: maxBodyBytes,
      onsessioninitialized: (id) => sessions.add(id, session),
      onsessionclosed: (id) => sessions.delete(id),
    });
    const server = makeServer({ era: 'legacy', requestInfo: request }, () => session.principal);
    const session: LegacySession = {
      userId: principal.userId,
      principal,
      stillValid: stillValidOf(options.authInfo),
      transport,
      close: () => server.close(),
    };
    if (updates) {
      serveSubscriptions(server, {
        ...updates,
        callerOf: () => callerFor(session.principal, executor, logger),
        stillValid: () => session.stillValid(),
        onError,
      });
    }
    await server.connect(transport);
    return transport.handleRequest(request, options);
  };

  return {
    async fetch(request: Request, options: McpHandlerRequestOptions = {}): Promise<Response> {
      const principal = principalOf(options.authInfo);
      if (!principal) throw new Error('No verified principal reached the session.');
      const id = request.headers.get('mcp-session-id');
      if (id !== null) {
        const session = sessions.use(id, principal.userId);
        if (!session) return unknownSession();
        session.principal = principal;
        session.stillValid = stillValidOf(options.authInfo);
        const response = await session.transport.handleRequest(request, options);
        if (request.method !== 'GET') return response;
        const { signal, clear } = abortAt(principal.expiresAt);
        return endedBy(response, signal, clear);
      }
      const initializes = request.method === 'POST' && (await isInitialize(request.clone(), maxBodyBytes));
      return initializes ? open(request, options, principal) : stateless(request, options);
    },
    close: () => sessions.closeAll(),
  };
}

async function isInitialize(request: Request, maxBodyBytes: number): Promise<boolean> {
  const body = await readRequestBody(request, maxBodyBytes);
  if (body.tooLarge) return false;
  try {
    return isInitializeRequest(JSON.parse(body.text));
  } catch {
    return false;
  }
}

function unknownSession(): Response {
  const error = { code: -32_001, message: 'Session not found. Initialize again.' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}
