import type { McpRequestContext } from '@modelcontextprotocol/server';

export interface WantedPart {
  /** `all`, `none` or the name of one. */
  tools: string;
  resources: boolean;
  prompts: boolean;
}

/** Which part of the surface a request can reach; the SDK has checked these headers against the body. */
export function wantedPart({ era, requestInfo }: McpRequestContext): WantedPart {
  const method = era === 'modern' ? requestInfo?.headers.get('mcp-method') : undefined;
  const nothing = { tools: 'none', resources: false, prompts: false };
  switch (method) {
    case 'tools/call':
      return { ...nothing, tools: requestInfo?.headers.get('mcp-name') ?? 'all' };
    case 'tools/list':
      return { ...nothing, tools: 'all' };
    case 'resources/list':
    case 'resources/read':
    case 'resources/templates/list':
      return { ...nothing, resources: true };
    case 'prompts/get':
    case 'prompts/list':
      return { ...nothing, prompts: true };
    case 'completion/complete':
    case 'subscriptions/listen':
      return nothing;
    default:
      return { tools: 'all', resources: true, prompts: true };
  }
}
