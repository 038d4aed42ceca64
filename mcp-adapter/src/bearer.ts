import type { IncomingMessage } from 'node:http';
import type { Authenticator, Face, Principal } from './executor.ts';

/** How a request identified itself. */
export type Identification =
  | { kind: 'principal'; principal: Principal }
  /** `invalid` when a token was sent and refused. */
  | { kind: 'anonymous' | 'invalid' }
  /** A good token that may not use this face. */
  | { kind: 'wrong-face'; face: Face };

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Reads and verifies the bearer token of a request (RFC 6750 section 2.1: the header only). */
export async function identify(
  req: IncomingMessage,
  face: Face,
  authenticator: Authenticator,
): Promise<Identification> {
  const header = req.headers.authorization;
  if (header === undefined) return { kind: 'anonymous' };
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) return { kind: 'invalid' };
  const principal = await authenticator.authenticate(token, face);
  if (!principal || (principal.expiresAt && principal.expiresAt.getTime() <= Date.now()))
    return { kind: 'invalid' };
  return principal.faces.has(face) ? { kind: 'principal', principal } : { kind: 'wrong-face', face };
}
