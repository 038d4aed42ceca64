import { createHash, randomBytes } from 'node:crypto';
import type { Face, Scope } from './viewer.ts';

export interface ApiKey {
  id: string;
  ownerId: string;
  name: string;
  scopes: Scope[];
  faces: Face[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

/** 256 random bits; the prefix lets secret scanners find a key that was published by mistake. */
export function newSecret(): string {
  return `picard_${randomBytes(32).toString('base64url')}`;
}

/** A plain hash is enough for 256 random bits: there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
