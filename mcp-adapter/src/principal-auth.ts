import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Principal } from './executor.ts';
import { isRecord } from './json-schema.ts';

/**
 * A verified principal as the SDK carries it beside a request.
 * The token itself stays behind: nothing downstream may forward it.
 */
export function authInfoOf(principal: Principal, resource: URL, resourceMetadataUrl: string): AuthInfo {
  return {
    token: '',
    clientId: principal.userId,
    scopes: [...principal.scopes],
    resource,
    resourceMetadataUrl,
    ...(principal.expiresAt ? { expiresAt: Math.floor(principal.expiresAt.getTime() / 1000) } : {}),
    extra: { principal },
  };
}

/** The principal of a request; undefined where none was verified. */
export function principalOf(authInfo: AuthInfo | undefined): Principal | undefined {
  const principal = authInfo?.extra?.['principal'];
  return isPrincipal(principal) ? principal : undefined;
}

function isPrincipal(value: unknown): value is Principal {
  return (
    isRecord(value) &&
    typeof value['userId'] === 'string' &&
    value['scopes'] instanceof Set &&
    value['faces'] instanceof Set
  );
}
