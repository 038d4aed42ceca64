import { createHash, randomBytes } from 'node:crypto';

const COUNT = 10;
/** Crockford's Base32: what is easily mistaken for another sign is not among them. */
const SIGNS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 16;

/** Each `xxxx-xxxx-xxxx-xxxx`, 80 random bits. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: COUNT }, newRecoveryCode);
}

function newRecoveryCode(): string {
  const signs = Array.from(randomBytes(LENGTH), (byte) => SIGNS[byte % SIGNS.length]).join('');
  return signs.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** As it was meant: in whatever case, with or without hyphens, with letters for the digits that look like them. */
export function hashRecoveryCode(code: string): Buffer {
  const meant = code
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
  return createHash('sha256').update(meant).digest();
}
