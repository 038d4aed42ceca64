import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** The end of a log at one moment: the log had this many entries, and this is the hash of the last. */
export interface Checkpoint {
  logId: string;
  seq: number;
  /** SHA-256, in hexadecimal. */
  hash: string;
  at: Date;
  /** Ed25519 (RFC 8032), base64url. */
  signature: string;
}

/** What is signed: these lines, in UTF-8, with line feeds between. */
const signedBytes = ({ logId, seq, hash, at }: Omit<Checkpoint, 'signature'>): Buffer =>
  Buffer.from(['picard audit checkpoint 1', logId, seq, hash, at.toISOString()].join('\n'));

/** PKCS #8 of an Ed25519 key (RFC 8410, section 7), up to the 32 bytes of its seed. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param seed of the server's own data key: it outlives every rotation, and the database holds it under a master key. */
export function checkpointKey(seed: KeyObject): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed.export()]), format: 'der', type: 'pkcs8' });
}

export function signCheckpoint(key: KeyObject, end: Omit<Checkpoint, 'signature'>): Checkpoint {
  return { ...end, signature: sign(null, signedBytes(end), key).toString('base64url') };
}

export function isSignedBy(key: KeyObject, checkpoint: Checkpoint): boolean {
  return verify(
    null,
    signedBytes(checkpoint),
    createPublicKey(key),
    Buffer.from(checkpoint.signature, 'base64url'),
  );
}

/** SubjectPublicKeyInfo, PEM. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();
}
