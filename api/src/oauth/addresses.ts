import type { Face } from '../accounts/viewer.ts';

/** What tokens and metadata name: always the configured public URL, never the Host of a request. */
export interface Addresses {
  /** The issuer identifier (RFC 8414 section 2): the public URL without a slash at its end. */
  readonly issuer: string;
  /** The resources that access tokens are for (RFC 8707). */
  readonly resources: { readonly graphql: string; readonly mcp: string };
  /** The path of the public URL, empty for the root. */
  readonly basePath: string;
}

export function addressesOf(publicUrl: URL): Addresses {
  const issuer = `${publicUrl.origin}${publicUrl.pathname}`.replace(/\/+$/, '');
  return {
    issuer,
    resources: { graphql: `${issuer}/graphql`, mcp: `${issuer}/mcp` },
    basePath: issuer.slice(publicUrl.origin.length),
  };
}

/** Which resource a token must be for to be taken at a face. */
export function resourceOf({ resources }: Addresses, face: Face): string {
  return face === 'mcp' ? resources.mcp : resources.graphql;
}

/** Where a token for this resource may be used. */
export function facesOf({ resources }: Addresses, resource: string): ReadonlySet<Face> {
  return new Set<Face>(resource === resources.mcp ? ['mcp'] : ['graphql', 'rest']);
}
