import { randomUUID, type KeyObject } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { LONGEST_TOKEN_SECONDS } from '../accounts/access-token-life.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { seal } from '../storage/encryption.ts';
import { expireFormerKeys, findNewestKey, insertSigningKey, lockSigningKeys } from './signing-key-rows.ts';

/** Longer than resource servers keep the published keys (ten minutes is what most of them do). */
export const PUBLISHED_BEFORE_SECONDS = 900;
const LONGEST_DAYS = 90;

export interface SigningKeyRotation {
  /** When the next key begins to sign. */
  signsFrom: Date;
  /** False if a next key was waiting already. */
  made: boolean;
}

type Keys = Pick<Services, 'database' | 'dataKeys'>;

/**
 * Publishes the next signing key, which takes over some minutes later on every instance without a restart. The former
 * key stays published until the tokens it signed have ended.
 */
export async function rotateSigningKey(
  services: Keys,
  publishedBefore = PUBLISHED_BEFORE_SECONDS,
): Promise<SigningKeyRotation> {
  const { signingKeys } = await services.dataKeys.ofServer(services.database);
  return services.database.forAccounts(async (sql) => {
    await lockSigningKeys(sql);
    const newest = await findNewestKey(sql, LONGEST_DAYS);
    if (newest?.waiting) return { signsFrom: newest.signsFrom, made: false };
    return { signsFrom: await makeSigningKey(sql, signingKeys, newest ? publishedBefore : 0), made: true };
  });
}

/** Makes the first key, or the next one when the present one has signed for long enough. */
export async function renewSigningKey(services: Keys): Promise<boolean> {
  const { signingKeys } = await services.dataKeys.ofServer(services.database);
  return services.database.forAccounts(async (sql) => {
    await lockSigningKeys(sql);
    const newest = await findNewestKey(sql, LONGEST_DAYS);
    if (newest && !newest.old) return false;
    await makeSigningKey(sql, signingKeys, newest ? PUBLISHED_BEFORE_SECONDS : 0);
    return true;
  });
}

/** @param delay seconds until it signs. */
export async function makeSigningKey(sql: Sql, sealingKey: KeyObject, delay: number): Promise<Date> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const id = randomUUID();
  const named = { kid: id, alg: 'ES256', use: 'sig' };
  const publicJwk = { ...(await exportJWK(pair.publicKey)), ...named };
  const privateJwk = { ...(await exportJWK(pair.privateKey)), ...named };
  const sealed = seal(sealingKey, Buffer.from(JSON.stringify(privateJwk)), signingKeyContext(id));
  const signsFrom = await insertSigningKey(sql, { id, publicJwk, sealed, delay });
  await expireFormerKeys(sql, id, LONGEST_TOKEN_SECONDS);
  return signsFrom;
}

export const signingKeyContext = (id: string): string => `signing-key|${id}`;
