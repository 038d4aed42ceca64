import type { McpHandlerRequestOptions } from '@modelcontextprotocol/server';
import { readRequestBody } from '@modelcontextprotocol/server';
import { challengeHeader } from './challenge.ts';
import { isRecord } from './json-schema.ts';
import type { ListenBus } from './listen-bus.ts';
import type { UpdatesEntry } from './manifest.ts';
import type { Caller } from './run-operation.ts';
import { missingScopes } from './scopes.ts';
import { abortAt, endedBy } from './stream-end.ts';
import { stillValidOf } from './still-valid.ts';

export interface ListenOptions {
  bus: ListenBus;
  scopes: UpdatesEntry['scopes'];
  callerOf: (options: McpHandlerRequestOptions) => Caller;
  resourceMetadataUrl: string;
  maxBodyBytes: number;
  /** What answers the request. */
  serve: (request: Request, options: McpHandlerRequestOptions) => Promise<Response>;
}

const METHOD = 'subscriptions/listen';
/** A host shows what it subscribes to, and a person has some hosts. */
const MAX_URIS = 1_000;
const MAX_STREAMS_PER_USER = 1_000;

/** Whether a request opens a stream of changes; the SDK checks this header against the body. */
export function isListen(request: Request): boolean {
  return request.headers.get('mcp-method') === METHOD;
}

/** Serves `subscriptions/listen` for one principal: only that one's changes, and only while the token is good. */
export function createListen(options: ListenOptions) {
  const { bus, scopes, callerOf, resourceMetadataUrl, maxBodyBytes, serve } = options;
  const open = new Map<string, number>();
  const count = (userId: string, change: 1 | -1) => {
    const now = (open.get(userId) ?? 0) + change;
    if (now > 0) open.set(userId, now);
    else open.delete(userId);
  };
  return async (request: Request, handed: McpHandlerRequestOptions = {}): Promise<Response> => {
    const caller = callerOf(handed);
    const { userId, expiresAt } = caller.principal;
    const uris = await subscribedUris(request.clone(), maxBodyBytes);
    const missing = uris.length > 0 ? missingScopes(scopes, caller.principal.scopes) : [];
    if (missing.length > 0) return lacking(missing, resourceMetadataUrl);
    if (uris.length > MAX_URIS) return refusal(`A stream subscribes to ${MAX_URIS} resources at most.`);
    if ((open.get(userId) ?? 0) >= MAX_STREAMS_PER_USER)
      return refusal('Too many streams of this account are open. Close some first.');
    const { signal, end, clear } = abortAt(expiresAt);
    const listening = { caller, uris, stillValid: stillValidOf(handed.authInfo), end };
    const response = await bus.listen(listening, () => serve(request, handed));
    count(userId, 1);
    let ended = false;
    return endedBy(response, signal, () => {
      clear();
      if (!ended) count(userId, -1);
      ended = true;
    });
  };
}

async function subscribedUris(request: Request, maxBodyBytes: number): Promise<string[]> {
  const body = await readRequestBody(request, maxBodyBytes);
  if (body.tooLarge) return [];
  try {
    const message: unknown = JSON.parse(body.text);
    const params = isRecord(message) ? message['params'] : undefined;
    const filter = isRecord(params) ? params['notifications'] : undefined;
    const uris = isRecord(filter) ? filter['resourceSubscriptions'] : undefined;
    return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
  } catch {
    return [];
  }
}

function refusal(message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32_602, message } }, { status: 400 });
}

function lacking(scopes: readonly string[], resourceMetadataUrl: string): Response {
  const description = 'The token lacks a scope this call needs.';
  const challenge = {
    status: 403,
    error: 'insufficient_scope',
    description,
    scopes,
    resourceMetadataUrl,
  } as const;
  return Response.json(
    { error: 'insufficient_scope', error_description: description },
    { status: 403, headers: { 'www-authenticate': challengeHeader(challenge) } },
  );
}
