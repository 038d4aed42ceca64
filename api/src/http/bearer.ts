import type { IncomingMessage } from 'node:http';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { Face, Viewer } from '../accounts/viewer.ts';

/** The token of `Authorization: Bearer …` (RFC 6750 section 2.1); null when there is none. */
export function bearerToken(header: string | null | undefined): string | null {
  return /^bearer +([\w.~+/=-]+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** What whoever shows a credential that is not taken is told, at a server and without one. */
export const REFUSED_CREDENTIAL =
  'This credential is unknown, revoked, expired, or for another resource. Sign in again, or make a new API key.';

export type Identity =
  | { state: 'anonymous' }
  | { state: 'refused' }
  | { state: 'known'; viewer: Viewer; stillValid: () => Promise<boolean> };

export async function identify(
  request: IncomingMessage,
  authenticate: Authenticate,
  face: Face,
): Promise<Identity> {
  const { authorization } = request.headers;
  if (authorization === undefined) return { state: 'anonymous' };
  const token = bearerToken(authorization);
  const viewer = token === null ? null : await authenticate(token, face);
  if (!viewer || token === null) return { state: 'refused' };
  return { state: 'known', viewer, stillValid: async () => (await authenticate(token, face)) !== null };
}
