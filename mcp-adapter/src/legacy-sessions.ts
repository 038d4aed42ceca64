import { randomUUID } from 'node:crypto';
import {
  type McpHandlerRequestOptions,
  WebStandardStreamableHTTPServerTransport,
  isInitializeRequest,
  legacyStatelessFallback,
  readRequestBody,
} from '@modelcontextprotocol/server';
import type { Principal } from './executor.ts';
import type { ServerMaker } from './mcp-server.ts';
import { principalOf } from './principal-auth.ts';
import { type Session, type SessionLimits, SessionStore } from './sessions.ts';

interface LegacySession extends Session {
  /** As of the latest request: a token may be renewed or narrowed during a session. */
  principal: Principal;
  transport: WebStandardStreamableHTTPServerTransport;
}

export interface LegacyOptions {
  makeServer: ServerMaker;
  limits: SessionLimits;
  maxBodyBytes: number;
  onError: (error: Error) => void;
}

/** The 2025-11-25 leg: a session for hosts that initialize, one-off service for requests that do not. */
export function createLegacyLeg({ makeServer, limits, maxBodyBytes, onError }: LegacyOptions) {
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
      transport,
      close: () => server.close(),
    };
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
        return session.transport.handleRequest(request, options);
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
