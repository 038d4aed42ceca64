import type { IncomingMessage, ServerResponse } from 'node:http';
import { challengeHeader } from '@picard/mcp-adapter/challenge';
import { scopes } from '../accounts/viewer.ts';
import { sendError, sendJson } from './respond.ts';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** `/graphql` as an OAuth protected resource (RFC 9728); the adapter tells the same of `/mcp`. */
export interface GraphqlResource {
  /** The path of its metadata. */
  readonly metadataPath: string;
  /** The `WWW-Authenticate` value of a 401 (RFC 6750 section 3): with `invalid` a credential was sent and refused. */
  challenge(invalid: boolean): string;
  serveMetadata(request: IncomingMessage, response: ServerResponse): void;
}

/** @param resource its identifier, which access tokens bear as their audience. */
export function graphqlResource(resource: string, issuer: string): GraphqlResource {
  const { origin, pathname } = new URL(resource);
  const metadata = {
    resource,
    authorization_servers: [issuer],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Picard',
    resource_documentation: `${issuer}/docs`,
  };
  const challenge = (invalid: boolean): string =>
    challengeHeader({
      status: 401,
      ...(invalid ? { error: 'invalid_token' as const } : {}),
      description: 'The token is unknown, expired, revoked, or for another resource.',
      scopes: [],
      resourceMetadataUrl: `${origin}${WELL_KNOWN}${pathname}`,
    });
  return {
    metadataPath: `${WELL_KNOWN}/graphql`,
    challenge,
    serveMetadata(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return sendError(response, 405, 'METHOD_NOT_ALLOWED', 'Use GET.', { allow: 'GET, HEAD' });
      sendJson(response, 200, metadata, { 'cache-control': 'public, max-age=300' });
    },
  };
}
