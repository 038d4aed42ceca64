import { decodeJwt, errors } from 'jose';
import { LRUCache } from 'lru-cache';
import { FaceRefused, isOver } from './exchange-errors.ts';
import { type ExchangedTokens, keyOf } from './exchanged-tokens.ts';
import type { Authenticator, Principal } from './executor.ts';
import { leastScope } from './scopes.ts';
import type { Exchange, Subject } from './token-exchange.ts';

export interface ExchangingAuthenticatorOptions {
  exchange: Exchange;
  tokens: ExchangedTokens;
  /** Asks the API whether a token that it issued is still good. */
  isStillGood: (token: string) => Promise<boolean>;
  /** Told what a principal came with, for as long as the principal is in use. */
  remember: (principal: Principal, subject: Subject) => void;
}

interface Known {
  userId: string;
  scopes: readonly string[];
  /** When the API was last asked. */
  checkedAt: number;
  /** When it is to be asked again who this is. */
  until: number;
}

/** What was revoked is refused within this time, as the API remembers nothing of what it is asked here. */
const REMEMBERED_MS = 500;
const MOST_KNOWN = 10_000;
/** As the API allows: clocks of servers that know each other differ by no more. */
const CLOCK_SKEW_MS = 15_000;

/**
 * Verifies credentials by exchanging them. Who somebody is comes with a token for all that they may do, which is not
 * kept; from then on the API is asked about the token with which they read.
 */
export function createExchangingAuthenticator(options: ExchangingAuthenticatorOptions): Authenticator {
  const { exchange, tokens, isStillGood, remember } = options;
  const known = new LRUCache<string, Known>({ max: MOST_KNOWN });
  const asking = new Map<string, Promise<Known>>();

  async function introduce(subject: Subject): Promise<Known> {
    const { userId, scopes, askedAt, endsAt } = await exchange(subject, null);
    return { userId, scopes, checkedAt: askedAt, until: endsAt };
  }

  async function look(subject: Subject, before: Known | undefined): Promise<Known> {
    const checkedAt = Date.now();
    if (!before || before.until <= checkedAt) return introduce(subject);
    const { token, askedAt } = await tokens.get(subject, leastScope(before.scopes));
    if (askedAt >= checkedAt || (await isStillGood(token))) return { ...before, checkedAt };
    tokens.drop(subject);
    return introduce(subject);
  }

  /** Whoever asks about the same credential at the same time gets one answer. */
  async function ask(subject: Subject, key: string): Promise<Known> {
    const asked = asking.get(key) ?? look(subject, known.get(key)).finally(() => asking.delete(key));
    asking.set(key, asked);
    const now = await asked;
    known.set(key, now);
    return now;
  }

  return {
    async authenticate(token, face) {
      const subject: Subject = { token, face };
      const key = keyOf(subject);
      const before = known.get(key);
      const expiresAt = expiryOf(subject);
      if (expiresAt && expiresAt.getTime() <= Date.now()) return null;
      try {
        const isFresh = before !== undefined && Date.now() - before.checkedAt < REMEMBERED_MS;
        const now = isFresh ? before : await ask(subject, key);
        const principal: Principal = {
          userId: now.userId,
          scopes: new Set(now.scopes),
          faces: new Set([face]),
          expiresAt,
        };
        remember(principal, subject);
        return principal;
      } catch (error) {
        if (!isOver(error)) throw error;
        known.delete(key);
        tokens.drop(subject);
        return error instanceof FaceRefused ? nobody() : null;
      }
    },
  };
}

/** When a token ends by its own word, which the API verifies; an API key says nothing, and ends when it is refused. */
function expiryOf({ token }: Subject): Date | null {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? null : new Date(exp * 1000 + CLOCK_SKEW_MS);
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

/** Somebody who may use no face: why is all that they are told. */
function nobody(): Principal {
  return { userId: '', scopes: new Set(), faces: new Set(), expiresAt: null };
}
