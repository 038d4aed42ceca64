import type { ServerResponse } from 'node:http';

export interface Challenge {
  status: 401 | 403;
  /** RFC 6750 error code; left out when no credential was sent at all. */
  error?: 'invalid_token' | 'insufficient_scope';
  description: string;
  scopes: readonly string[];
  resourceMetadataUrl?: string;
}

/** The `WWW-Authenticate` value of a challenge (RFC 6750 section 3, RFC 9728 section 5.1). */
export function challengeHeader({ error, description, scopes, resourceMetadataUrl }: Challenge): string {
  const parameters = [
    ...(error ? [`error="${error}"`, `error_description="${quoted(description)}"`] : []),
    ...(scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
    ...(resourceMetadataUrl ? [`resource_metadata="${quoted(resourceMetadataUrl)}"`] : []),
  ];
  return `Bearer ${parameters.length > 0 ? parameters.join(', ') : 'realm="picard"'}`;
}

/** Answers a request with a challenge and the body its face expects. */
export function sendChallenge(res: ServerResponse, challenge: Challenge, body: unknown): void {
  sendJson(res, challenge.status, body, { 'www-authenticate': challengeHeader(challenge) });
}

/** Answers with JSON that no cache may keep, unless told otherwise. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(JSON.stringify(body));
}

function quoted(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, ' ').replaceAll(/["\\]/g, String.raw`\$&`);
}
