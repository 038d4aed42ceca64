import { hkdfSync } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

/** Half of a key pair for ES256 (RFC 7518 section 3.4), as a JSON Web Key. */
const publicHalf = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() });
export const privateJwk = publicHalf.extend({ d: z.string().min(1) });

export type PublicJwk = z.infer<typeof publicHalf>;
export type PrivateJwk = z.infer<typeof privateJwk>;

/** A new key pair: the adapter keeps the private half, the API is told the public one. */
export async function newAdapterKey(): Promise<{ privateJwk: PrivateJwk; publicJwk: PublicJwk }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const made = privateJwk.parse(await exportJWK(privateKey));
  return { privateJwk: made, publicJwk: publicJwkOf(made) };
}

export function publicJwkOf(key: PrivateJwk): PublicJwk {
  return publicHalf.parse(key);
}

/**
 * What seals the state of a call with more than one round. Adapters that share the private key can open each other's;
 * HKDF-SHA-256 (RFC 5869) keeps one use of the key from telling anything of the other.
 */
export function stateKeyOf({ d }: PrivateJwk): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', Buffer.from(d, 'base64url'), '', 'picard request state', 32));
}
