/** MCP as single POSTs, for what a client library hides: statuses, challenges and the bytes of an answer. */
export type Era = '2026-07-28' | '2025-11-25';

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** One JSON-RPC request to `/mcp`. */
export function post(
  url: URL,
  method: string,
  params: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
}

/** Calls a tool in one request, which both revisions of the protocol allow. */
export function mcpCall(
  url: URL,
  era: Era,
  token: string | null,
  name: string,
  args: object,
): Promise<Response> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const params = { name, arguments: args };
  if (era === '2025-11-25')
    return post(url, 'tools/call', params, { ...authorization, 'mcp-protocol-version': era });
  return post(
    url,
    'tools/call',
    { ...params, _meta: envelope },
    { ...authorization, 'mcp-protocol-version': era, 'mcp-method': 'tools/call', 'mcp-name': name },
  );
}
