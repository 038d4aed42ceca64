import { z } from 'zod';
import { clearText } from '../clear-text.ts';

export interface Passkey {
  /** The credential's id as WebAuthn gives it, base64url. */
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** What an answer of it is checked with. */
export interface PasskeyKey {
  publicKey: Buffer;
  counter: number;
  transports: string[];
}

export const passkeyName = clearText
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must be at most 80 characters');

/** More than anybody has devices; each is shown to the authenticator when another is added. */
export const MAX_PASSKEYS = 20;
/** EdDSA, ES256 and RS256 (IANA COSE Algorithms), which every authenticator has one of. */
export const ALGORITHMS = [-8, -7, -257];
/** How long an authenticator has for its answer. */
export const CHALLENGE_SECONDS = 300;

const base64url = z
  .string()
  .max(64 * 1024)
  .regex(/^[\w-]+$/);
const credential = z.object({
  id: base64url.max(1_400),
  rawId: base64url.max(1_400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()).transform(() => ({})),
});

/** RegistrationResponseJSON and AuthenticationResponseJSON of Web Authentication Level 3, section 5.1. */
export const registrationResponse = credential.extend({
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
});
export const authenticationResponse = credential.extend({
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((value) => value ?? undefined),
  }),
});

/** A passkey belongs to a host, whatever port and scheme it is reached by. */
export const rpIdOf = (origin: string): string => new URL(origin).hostname;

/**
 * Whether browsers have passkeys at this address: at a name, never at an IP address (Web Authentication Level 3, section
 * 5.1.3), by https or on this machine (Secure Contexts, section 3.1).
 */
export function hasPasskeys(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  if (/^\[|^[\d.]+$/.test(hostname)) return false;
  return protocol === 'https:' || /^(.+\.)?localhost$/.test(hostname);
}

/** An account's id as WebAuthn's user handle: its 16 bytes. */
export const userHandleOf = (accountId: string): Buffer => Buffer.from(accountId.replaceAll('-', ''), 'hex');
