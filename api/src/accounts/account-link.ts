import { createHash, randomBytes } from 'node:crypto';

/** Why a link was made: to take over an account that was made for somebody, or to set a new password. */
export const purposes = ['claim', 'reset'] as const;
export type Purpose = (typeof purposes)[number];

/** An account that is new waits for its owner longer than a password may lie about. */
export const LINK_HOURS: Readonly<Record<Purpose, number>> = { claim: 7 * 24, reset: 24 };

export interface NewLink {
  token: string;
  purpose: Purpose;
  expiresAt: Date;
}

export function newLink(purpose: Purpose): NewLink {
  return {
    token: randomBytes(32).toString('base64url'),
    purpose,
    expiresAt: new Date(Date.now() + LINK_HOURS[purpose] * 3_600_000),
  };
}

/** A plain hash is enough for 256 random bits. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Where its page is, below the address of the server. */
export function linkPath({ token, purpose }: Pick<NewLink, 'token' | 'purpose'>): string {
  return `/account/${purpose}?token=${token}`;
}
