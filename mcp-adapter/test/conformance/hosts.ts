import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export type Era = '2026-07-28' | '2025-11-25';
export const eras: readonly Era[] = ['2026-07-28', '2025-11-25'];

/** What the person behind a host does when asked, and what the host was asked. */
export interface Person {
  action: 'accept' | 'decline' | 'cancel';
  content?: Record<string, string | number | boolean | string[]>;
  asked: string[];
}

/** Connects a host of one era; with a person it can ask, without one it cannot. */
export async function connectHost(
  url: URL,
  era: Era,
  { token = 'full', person }: { token?: string; person?: Person } = {},
): Promise<Client> {
  const options: ClientOptions = {
    ...(era === '2026-07-28' ? { versionNegotiation: { mode: 'auto' } } : {}),
    capabilities: person ? { elicitation: { form: {} } } : {},
  };
  const client = new Client({ name: 'test', version: '1' }, options);
  if (person) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      person.asked.push(params.message);
      return { action: person.action, ...(person.content ? { content: person.content } : {}) };
    });
  }
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }));
  return client;
}

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
};

/** One request of 2026-07-28 as it goes over the wire, from a host that can ask. */
export async function send(
  url: URL,
  method: string,
  params: Record<string, unknown>,
  { token = 'full', signal }: { token?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  const name = params['name'] ?? params['uri'];
  return fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope } }),
    ...(signal ? { signal } : {}),
  });
}
