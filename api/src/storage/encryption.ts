import { createCipheriv, createDecipheriv, randomBytes, type CipherKey } from 'node:crypto';

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES;
/** By so much a sealed text is longer than it was. */
export const SEAL_BYTES = HEADER_BYTES + TAG_BYTES;

export class Unsealable extends Error {
  override readonly name = 'Unsealable';
  readonly code = 'UNSEALABLE';
  constructor() {
    super('Stored data does not match its key or its place: it was changed, moved or cut outside Picard.');
  }
}

/**
 * AES-256-GCM (NIST SP 800-38D). `context` is bound as additional data: what was sealed for one place does not open
 * in another. Answers format (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
 */
export function seal(key: CipherKey, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws {Unsealable} when key, context or a single bit differs. */
export function unseal(key: CipherKey, sealed: Buffer, context: string): Buffer {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== FORMAT) throw new Unsealable();
  const nonce = sealed.subarray(1, HEADER_BYTES);
  // Node takes tags as short as 4 bytes unless told.
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new Unsealable();
  }
}
