import { createHash } from 'node:crypto';
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Authenticate } from '../accounts/authenticate.ts';
import { faces, withImplied, type Viewer } from '../accounts/viewer.ts';
import type { Database } from '../storage/database.ts';
import { findOwnerByHandle } from './owner-rows.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';
import { CLOCK_SKEW_SECONDS } from './verify-token.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'];
const REMEMBERED_MS = 500;
const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Answers whose token of a trusted outside issuer it is; null for any other. */
export function createAuthenticateOutside(
  database: Database,
  trusted: readonly TrustedIssuer[],
): Authenticate {
  const keysOf = new Map(trusted.map((issuer) => [issuer, lazyKeys(issuer)]));
  const remembered = new LRUCache<string, Viewer>({ max: 10_000, ttl: REMEMBERED_MS });

  async function look(token: string): Promise<Viewer | null> {
    for (const issuer of trusted.filter((each) => each.issuer === issuerIn(token))) {
      const payload = await verified(token, issuer, keysOf.get(issuer));
      const handle = payload && handleOf(payload, issuer);
      const owner = handle ? await database.forAccounts((sql) => findOwnerByHandle(sql, handle)) : null;
      if (payload && owner) return viewerOf(token, payload, issuer, owner);
    }
    return null;
  }

  return async (token) => {
    const key = hash(token);
    const known = remembered.get(key);
    if (known?.expiresAt && known.expiresAt > new Date()) return known;
    const viewer = await look(token);
    if (viewer) remembered.set(key, viewer);
    return viewer;
  };
}

/** What the token says of itself: it chooses nothing but whose key it is checked with. */
export function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

async function verified(
  token: string,
  { issuer, audience }: TrustedIssuer,
  keys: JWTVerifyGetKey | undefined,
): Promise<JWTPayload | null> {
  if (!keys) return null;
  try {
    const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_SKEW_SECONDS };
    const { payload } = await jwtVerify(token, keys, { ...options, requiredClaims: ['sub', 'exp'] });
    return payload['cnf'] === undefined ? payload : null;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function handleOf(payload: JWTPayload, { accounts, handleClaim }: TrustedIssuer): string | null {
  const { sub = '' } = payload;
  if (accounts && Object.hasOwn(accounts, sub)) return accounts[sub] ?? null;
  const claim = handleClaim === undefined ? undefined : payload[handleClaim];
  return typeof claim === 'string' ? claim : null;
}

function viewerOf(token: string, payload: JWTPayload, issuer: TrustedIssuer, id: string): Viewer {
  return {
    id,
    // Whoever runs the other server does not look after this one.
    administrator: false,
    scopes: withImplied(issuer.scopes),
    faces: new Set(faces),
    expiresAt: new Date(((payload.exp ?? 0) + CLOCK_SKEW_SECONDS) * 1000),
    credential: { kind: 'token', id: payload.jti ?? hash(token), clientId: issuer.issuer, grantId: '' },
    authenticatedAt: null,
  };
}

/** Nothing is fetched before the first token comes; the keys are then kept, and read again for one that is not known. */
function lazyKeys({ issuer, jwksUri }: TrustedIssuer): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const open = async (): Promise<JWTVerifyGetKey> => {
    const uri = jwksUri ?? (await discover(issuer));
    return createRemoteJWKSet(new URL(uri), { timeoutDuration: 2_500 });
  };
  return async (header, token) => {
    keys ??= open();
    try {
      return await (
        await keys
      )(header, token);
    } catch (error) {
      keys = error instanceof errors.JWKSNoMatchingKey ? keys : undefined;
      throw error instanceof errors.JOSEError
        ? error
        : new errors.JWKSInvalid('The keys could not be read', { cause: error });
    }
  };
}

/** OpenID Connect Discovery 1.0 section 4. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(2_500), redirect: 'error' });
  const document = discovery.parse(await response.json());
  if (document.issuer !== issuer) throw new errors.JWKSInvalid('The discovery document is of another issuer');
  return document.jwks_uri;
}

const hash = (token: string): string => createHash('sha256').update(token).digest('base64url');
