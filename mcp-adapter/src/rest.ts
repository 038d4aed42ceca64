import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ArgumentReader, CONFIRMED, compileArguments } from './arguments.ts';
import { confirmationRequired } from './ask-first.ts';
import { identify } from './bearer.ts';
import { sendChallenge, sendJson } from './challenge.ts';
import type { AdapterLogger, Authenticator, Executor } from './executor.ts';
import { refusalStatus } from './failures.ts';
import { isRecord } from './json-schema.ts';
import type { Manifest, ToolEntry } from './manifest.ts';
import { readJsonBody } from './request-body.ts';
import { type Outcome, insufficientScope, runOperation } from './run-operation.ts';
import { missingScopes } from './scopes.ts';

export interface RestOptions {
  manifest: Manifest;
  executor: Executor;
  authenticator: Authenticator;
  /** Named in a 401, so that a caller knows what to ask for. */
  scopes: readonly string[];
  maxBodyBytes: number;
  logger: AdapterLogger;
}

interface RestError {
  code: string;
  message: string;
  way_on?: string;
}

/** `POST /api/tools` with `{tool, data}`: the tools of the manifest for callers that speak no MCP. */
export function createRest({ manifest, executor, authenticator, scopes, maxBodyBytes, logger }: RestOptions) {
  const tools = new Map<string, { entry: ToolEntry; reader: ArgumentReader }>(
    restTools(manifest).map((entry) => [entry.name, { entry, reader: compileArguments(entry) }]),
  );

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method !== 'POST') {
      fail(
        res,
        405,
        { code: 'METHOD_NOT_ALLOWED', message: 'Call POST /api/tools with {"tool", "data"}.' },
        { allow: 'POST' },
      );
      return;
    }
    const caller = await identify(req, 'rest', authenticator);
    if (caller.kind === 'wrong-face') {
      const message = 'This API key may not call REST. Make one whose faces include REST.';
      fail(res, 403, { code: 'FORBIDDEN', message });
      return;
    }
    if (caller.kind !== 'principal') {
      askForToken(res, caller.kind === 'invalid', scopes);
      return;
    }
    const body = await readJsonBody(req, maxBodyBytes);
    if (body.kind !== 'json') {
      const [status, error] = bodyErrors[body.kind];
      fail(res, status, error);
      return;
    }
    const name = isRecord(body.value) ? body.value['tool'] : undefined;
    const tool = typeof name === 'string' ? tools.get(name) : undefined;
    if (!tool || !isRecord(body.value)) {
      fail(res, 404, { code: 'UNKNOWN_TOOL', message: 'No such tool. See /docs for the names.' });
      return;
    }
    const missing = missingScopes(tool.entry.scopes, caller.principal.scopes);
    if (missing.length > 0) {
      const { code, message, wayOn } = insufficientScope(missing);
      const challenge = {
        status: 403,
        error: 'insufficient_scope',
        description: message,
        scopes: missing,
      } as const;
      sendChallenge(res, challenge, { error: { code, message, way_on: wayOn } });
      return;
    }
    const read = tool.reader.read(body.value['data']);
    if ('issues' in read) {
      fail(res, 400, {
        code: 'INVALID_ARGUMENTS',
        message: read.issues,
        way_on: 'Correct the arguments and call again.',
      });
      return;
    }
    if (tool.entry.confirm && read.arguments[CONFIRMED] !== true) {
      sendOutcome(res, tool.entry.name, confirmationRequired(tool.entry, read.arguments));
      return;
    }
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const outcome = await runOperation(tool.entry, read.arguments, {
      executor,
      logger,
      principal: caller.principal,
      signal: gone.signal,
    });
    // The token ended between its check and its use.
    if (outcome.kind === 'failure' && outcome.code === 'UNAUTHENTICATED') askForToken(res, true, scopes);
    else sendOutcome(res, tool.entry.name, outcome);
  };
}

/** @param sent whether there was a token, which was refused */
function askForToken(res: ServerResponse, sent: boolean, scopes: readonly string[]): void {
  const description = sent ? 'The token is unknown, expired or revoked.' : 'Send a bearer token.';
  const error = sent ? ({ error: 'invalid_token' } as const) : {};
  const body = { error: { code: 'UNAUTHENTICATED', message: description } };
  sendChallenge(res, { status: 401, ...error, description, scopes }, body);
}

/** The tools that one request and one answer can serve: they ask nobody, and answer once. */
export function restTools({ tools }: Manifest): ToolEntry[] {
  return tools.filter(({ asks, progress }) => asks.length === 0 && progress === null);
}

const bodyErrors = {
  'not-json': [400, { code: 'INVALID_JSON', message: 'The body is not JSON.' }],
  'too-large': [413, { code: 'TOO_LARGE', message: 'The body is too large. Send fewer items at a time.' }],
  'wrong-type': [415, { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send content-type: application/json.' }],
} as const;

function sendOutcome(res: ServerResponse, tool: string, outcome: Outcome): void {
  if (outcome.kind === 'answer') {
    sendJson(res, 200, { tool, data: outcome.answer });
    return;
  }
  const { code, message, wayOn } = outcome;
  if (outcome.kind === 'refusal') {
    sendJson(res, refusalStatus(code), { error: { code, message, way_on: wayOn }, data: outcome.answer });
    return;
  }
  const retry = outcome.retryAfterSeconds;
  fail(
    res,
    outcome.status,
    { code, message, way_on: wayOn },
    retry === undefined ? {} : { 'retry-after': String(retry) },
  );
}

function fail(
  res: ServerResponse,
  status: number,
  error: RestError,
  headers: Record<string, string> = {},
): void {
  sendJson(res, status, { error }, headers);
}
