import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Authenticate } from '../accounts/authenticate.ts';
import { withImplied, type Face, type Viewer } from '../accounts/viewer.ts';
import type { Database } from '../storage/database.ts';
import { facesOf, resourceOf, type Addresses } from './addresses.ts';
import { judgeToken } from './judge-token.ts';
import type { ListedClients } from './listed-clients.ts';
import { offeredAt } from './scopes.ts';
import { CLOCK_SKEW_SECONDS, type VerifyToken } from './verify-token.ts';

/** A revoked token is refused within this time on every instance. */
const REMEMBERED_MS = 500;

/** Answers whose access token it is, or null for one that is not for this face, revoked, expired or not ours. */
export function createAuthenticateToken(
  database: Database,
  addresses: Addresses,
  listed: ListedClients,
  verify: VerifyToken,
): Authenticate {
  const remembered = new LRUCache<string, Viewer>({ max: 10_000, ttl: REMEMBERED_MS });

  async function look(token: string, face: Face): Promise<Viewer | null> {
    const resource = resourceOf(addresses, face);
    const claims = await verify(token, resource);
    const judgement = claims && (await judgeToken(database, listed, claims));
    if (!judgement) return null;
    const offered: readonly string[] = offeredAt(addresses, resource);
    const { gid, jti, exp, client_id: clientId, app, outside, auth_time: authTime, face: shownAt } = claims;
    return {
      id: judgement.ownerId,
      administrator: judgement.administrator,
      scopes: withImplied(judgement.scopes.filter((scope) => offered.includes(scope))),
      faces: facesOf(addresses, resource),
      expiresAt: new Date((exp + CLOCK_SKEW_SECONDS) * 1000),
      credential: { kind: 'token', id: jti, clientId: app ?? outside ?? clientId, grantId: gid ?? '' },
      authenticatedAt: authTime === undefined ? null : new Date(authTime * 1000),
      exchanged: shownAt && { face: shownAt, keyId: claims.key ?? null },
    };
  }

  return async (token, face) => {
    const key = `${face} ${createHash('sha256').update(token).digest('base64')}`;
    const known = remembered.get(key);
    if (known?.expiresAt && known.expiresAt > new Date()) return known;
    const viewer = await look(token, face);
    if (viewer) remembered.set(key, viewer);
    return viewer;
  };
}
