import type { ExecutionResult } from 'graphql';
import type { Executor, Principal } from './executor.ts';
import { subscribeOverHttp } from './http-subscribe.ts';
import { isRecord } from './json-schema.ts';

export interface HttpExecutorOptions {
  /** The GraphQL endpoint, such as `http://localhost:8001/graphql`. */
  url: URL;
  /** Asked for each request: a token may live shorter than the executor. */
  token: () => Promise<string>;
  fetch?: typeof fetch;
}

/** An executor that asks a running server over HTTP (GraphQL over HTTP, JSON). The token decides who is asking. */
export function createHttpExecutor(options: HttpExecutorOptions): Required<Executor> {
  const { url, token, fetch: send = fetch } = options;
  return {
    subscribe: (request) => subscribeOverHttp(options, request),
    async execute({ document, operationName, variables, signal }) {
      const response = await send(url, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'content-type': 'application/json',
          authorization: `Bearer ${await token()}`,
        },
        body: JSON.stringify({ query: document, operationName, variables }),
        redirect: 'error',
        ...(signal ? { signal } : {}),
      });
      const body = await readJson(response);
      if (isExecutionResult(body)) return body;
      throw new Error(
        `The GraphQL endpoint answered ${response.status} without a GraphQL result. Check its URL.`,
      );
    },
  };
}

/** Asks the server whom a token stands for. Throws when the token is refused. */
export async function fetchPrincipal(options: HttpExecutorOptions): Promise<Principal> {
  const nobody: Principal = { userId: '', scopes: new Set(), faces: new Set(), expiresAt: null };
  const result = await createHttpExecutor(options).execute({
    document: 'query Caller { viewer { scopes user { id } } }',
    operationName: 'Caller',
    variables: {},
    principal: nobody,
  });
  const viewer: unknown = result.data?.['viewer'];
  const user = isRecord(viewer) ? viewer['user'] : undefined;
  if (
    !isRecord(viewer) ||
    !isRecord(user) ||
    typeof user['id'] !== 'string' ||
    !Array.isArray(viewer['scopes'])
  ) {
    const told = result.errors?.[0]?.message ?? 'It did not say why.';
    throw new Error(`The server refused the token: ${told} Set PICARD_TOKEN to a key that it takes.`);
  }
  return {
    userId: user['id'],
    scopes: new Set(viewer['scopes'].map(String)),
    faces: new Set(['mcp']),
    expiresAt: null,
  };
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isExecutionResult(value: unknown): value is ExecutionResult {
  return isRecord(value) && ('data' in value || Array.isArray(value['errors']));
}
