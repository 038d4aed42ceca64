import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/server';
import type { Manifest } from './manifest.ts';

/** `/mcp` as an OAuth protected resource, named by the configured public URL and never by a request's Host. */
export interface ProtectedResource {
  resource: URL;
  resourceMetadataUrl: string;
  scopes: readonly string[];
  /** RFC 9728 metadata. */
  metadata: Readonly<Record<string, unknown>>;
}

/**
 * Describes the resource.
 * @param publicUrl of the whole service, such as `https://picard.example`
 * @param authorizationServers issuers whose tokens are taken; none while API keys are the only credential
 */
export function protectedResourceOf(
  publicUrl: URL,
  manifest: Manifest,
  authorizationServers: readonly string[],
): ProtectedResource {
  const resource = belowPublicUrl(publicUrl, 'mcp');
  const scopes = [
    ...new Set([...manifest.tools, ...manifest.resources].flatMap((entry) => entry.scopes.flat())),
  ].sort();
  return {
    resource,
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
    scopes,
    metadata: {
      resource: resource.href,
      ...(authorizationServers.length > 0 ? { authorization_servers: authorizationServers } : {}),
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
      resource_name: 'Picard',
      resource_documentation: belowPublicUrl(publicUrl, 'docs').href,
    },
  };
}

/** A path below the public URL, whose own path may or may not end in a slash. */
export function belowPublicUrl(publicUrl: URL, path: string): URL {
  return new URL(path, publicUrl.href.endsWith('/') ? publicUrl : `${publicUrl.href}/`);
}
