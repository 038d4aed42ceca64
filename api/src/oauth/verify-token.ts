import { errors as joseErrors, jwtVerify, type JWTHeaderParameters } from 'jose';
import type { KeyObject } from 'node:crypto';
import type { Addresses } from './addresses.ts';
import type { SigningKeys } from './signing-keys.ts';
import { tokenClaims, type TokenClaims } from './token-claims.ts';

/** Clocks of servers that know each other differ by no more. */
export const CLOCK_SKEW_SECONDS = 15;

export type VerifyToken = (token: string, audience: string | string[]) => Promise<TokenClaims | null>;

/** Whether text can be a JWT at all; API keys and refresh tokens cannot. */
export const isJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);

/**
 * Checks an access token as RFC 9068 section 4 asks: our issuer, type, key and algorithm, the audience, the time.
 * Whether it was revoked is another question. Null for anything that is not such a token.
 */
export function createVerifyToken({ issuer }: Addresses, keys: SigningKeys): VerifyToken {
  const keyOf = async ({ kid }: JWTHeaderParameters): Promise<KeyObject> => {
    const key = kid === undefined ? null : await keys.find(kid);
    if (!key) throw new joseErrors.JWKSNoMatchingKey();
    return key;
  };
  return async (token, audience) => {
    try {
      const { payload } = await jwtVerify(token, keyOf, {
        issuer,
        audience,
        typ: 'at+jwt',
        algorithms: ['ES256'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ['sub', 'jti', 'client_id', 'exp', 'iat'],
      });
      // A token that is bound to a key may not be borne by whoever has it alone.
      if (payload['cnf'] !== undefined) return null;
      return tokenClaims.safeParse(payload).data ?? null;
    } catch (error) {
      if (error instanceof joseErrors.JOSEError) return null;
      throw error;
    }
  };
}
