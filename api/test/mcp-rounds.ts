import { post } from './mcp-requests.ts';

/** What the person is asked, and what the host carries to the next round. */
export interface Asked {
  resultType: string;
  requestState: string;
  inputRequests: Record<string, unknown>;
}

const TOOL = 'delete_memories';

async function round(url: URL, key: string, memoryId: string, more: object) {
  const params = {
    name: TOOL,
    arguments: { memories: [{ memory_id: memoryId }] },
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
    },
    ...more,
  };
  const response = await post(url, 'tools/call', params, {
    authorization: `Bearer ${key}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': TOOL,
  });
  return JSON.parse(await response.text());
}

/** The first round of a call that asks (MCP 2026-07-28). */
export async function askToDelete(url: URL, key: string, memoryId: string): Promise<Asked> {
  const { result } = await round(url, key, memoryId, {});
  if (result?.resultType !== 'input_required') throw new Error(`It was not asked: ${JSON.stringify(result)}`);
  return result;
}

/** The second round, at any server that can open what the first one sealed; the answer, or the error of the protocol. */
export async function agreeToDelete(url: URL, key: string, memoryId: string, asked: Asked): Promise<unknown> {
  const names = Object.keys(asked.inputRequests);
  const inputResponses = Object.fromEntries(names.map((name) => [name, { action: 'accept', content: {} }]));
  const { result, error } = await round(url, key, memoryId, {
    inputResponses,
    requestState: asked.requestState,
  });
  return error ?? result.structuredContent?.result ?? result;
}
