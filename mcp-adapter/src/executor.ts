import type { ExecutionResult } from 'graphql';

/** A way in: an API key names the ones it may use. */
export type Face = 'graphql' | 'mcp' | 'rest';

/** Who is calling, as verified from a token. Nothing else in a request says who is calling. */
export interface Principal {
  userId: string;
  scopes: ReadonlySet<string>;
  faces: ReadonlySet<Face>;
  /** Null for a credential that does not expire. */
  expiresAt: Date | null;
}

export interface ExecutionRequest {
  document: string;
  operationName: string;
  variables: Record<string, unknown>;
  principal: Principal;
  /** What the operation needs of what the principal may do: an executor that asks with a token asks with no more. */
  scopes?: readonly string[];
  /** Of a subscription that tells what goes on: it may be begun anew in the middle. */
  continuous?: boolean;
  signal?: AbortSignal;
}

/**
 * Runs operations as a principal: in this process, or over HTTP with a token of its own.
 * Expected failures are in `errors`, each with `extensions.code`; it throws only when the API cannot be reached or is broken.
 */
export interface Executor {
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  /** Runs a subscription until it ends, the reader stops or the signal aborts. What needs it is not served without. */
  subscribe?(request: ExecutionRequest): AsyncIterable<ExecutionResult>;
}

/**
 * Turns a bearer token into a principal; null for one that is unknown, revoked, expired, or an access token for another
 * resource than the face's.
 */
export interface Authenticator {
  authenticate(token: string, face: Face): Promise<Principal | null>;
}

/** Where the adapter logs, as pino does: never a token, an argument or the text of a memory. */
export interface AdapterLogger {
  error(fields: Record<string, unknown>, message: string): void;
}
