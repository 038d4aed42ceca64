import type { Face } from '../accounts/viewer.ts';

/** What tokens and metadata name: always the configured public URL, never the Host of a request. */
export interface Addresses {
  /** The issuer identifier (RFC 8414 section 2): the public URL without a slash at its end. */
  readonly issuer: string;
  /** The resources that access tokens are for (RFC 8707). */
  readonly resources: { readonly graphql: string; readonly mcp: string };
  /** Where the REST tools are called: beside MCP. They take tokens for GraphQL. */
  readonly tools: string;
}

/** @param mcpUrl the public URL of the MCP adapter, where it runs apart. */
export function addressesOf(publicUrl: URL, mcpUrl = publicUrl): Addresses {
  const issuer = withoutSlash(publicUrl);
  const adapter = withoutSlash(mcpUrl);
  return {
    issuer,
    resources: { graphql: `${issuer}/graphql`, mcp: `${adapter}/mcp` },
    tools: `${adapter}/api/tools`,
  };
}

function withoutSlash({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

/** Which resource a token must be for to be taken at a face. */
export function resourceOf({ resources }: Addresses, face: Face): string {
  return face === 'mcp' ? resources.mcp : resources.graphql;
}

/** Where a token for this resource may be used. */
export function facesOf({ resources }: Addresses, resource: string): ReadonlySet<Face> {
  return new Set<Face>(resource === resources.mcp ? ['mcp'] : ['graphql', 'rest']);
}
