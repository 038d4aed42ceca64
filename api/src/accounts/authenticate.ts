import { LRUCache } from 'lru-cache';
import type { Database } from '../storage/database.ts';
import { hashSecret, type ApiKey } from './api-key.ts';
import { findApiKeyBySecret, touchApiKey } from './api-key-rows.ts';
import { withImplied, type Face, type Viewer } from './viewer.ts';

/** A revoked key is refused within this time on every instance. */
const REMEMBERED_MS = 500;
const LAST_USE_MS = 60_000;

/**
 * Answers whose token it is, or null for one that is unknown, revoked, expired, or an access token for another resource
 * than this face. An API key that does not name the face is answered: who it is has to be told that another would do.
 */
export type Authenticate = (token: string, face: Face) => Promise<Viewer | null>;

export function createAuthenticate(database: Database): Authenticate {
  const remembered = new LRUCache<string, Viewer>({ max: 10_000, ttl: REMEMBERED_MS });
  return async (token) => {
    const hash = hashSecret(token);
    const known = remembered.get(hash.toString('base64'));
    if (known && (known.expiresAt === null || known.expiresAt > new Date())) return known;
    const viewer = await database.forAccounts(async (sql) => {
      const key = await findApiKeyBySecret(sql, hash);
      if (!key) return null;
      if (!key.lastUsedAt || Date.now() - key.lastUsedAt.getTime() > LAST_USE_MS) await touchApiKey(sql, key);
      return toViewer(key);
    });
    if (viewer) remembered.set(hash.toString('base64'), viewer);
    return viewer;
  };
}

function toViewer(key: ApiKey & { administrator: boolean }): Viewer {
  // Only an administrator's key can act as one, whatever the key says.
  const granted = key.scopes.filter((scope) => scope !== 'memories:admin' || key.administrator);
  return {
    id: key.ownerId,
    administrator: key.administrator,
    scopes: withImplied(granted),
    faces: new Set(key.faces),
    expiresAt: key.expiresAt,
    credential: { kind: 'key', id: key.id },
    authenticatedAt: null,
  };
}
