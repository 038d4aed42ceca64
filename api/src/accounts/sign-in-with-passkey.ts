import type { z } from 'zod';
import { recordSignIn } from '../audit/record-rows.ts';
import type { Services } from '../services.ts';
import type { Account } from './account.ts';
import { authenticationResponse, rpIdOf, userHandleOf } from './passkey.ts';
import { challengeOf } from './passkey-challenge.ts';
import { findPasskeyKey, takeChallenge, usePasskey } from './passkey-rows.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { findAccount } from './rows.ts';
import { limitedByAddress, type From } from './sign-in-limits.ts';
import { webauthn } from './webauthn.ts';

/**
 * Null for whatever is not the answer of a living passkey to a challenge of the last minutes that nobody answered yet.
 * @param input.origin where people reach this server.
 * @param input.response AuthenticationResponseJSON (Web Authentication Level 3), unchecked.
 * @throws {TooManyAttempts} before anything was tried.
 * @throws {AccountSuspended} to whoever has the passkey.
 */
export async function signInWithPasskey(
  { database, signIn }: Services,
  input: { origin: string; response: unknown },
  from: From,
): Promise<Account | null> {
  return limitedByAddress(signIn, 'passkey', from, async () => {
    const parsed = authenticationResponse.safeParse(input.response);
    const challenge = parsed.success ? challengeOf(parsed.data.response.clientDataJSON) : null;
    if (!parsed.success || challenge === null) return null;
    const response = parsed.data;
    const passkey = await database.forAccounts(async (sql) =>
      // Used up whatever comes of it.
      (await takeChallenge(sql, challenge, null)) ? findPasskeyKey(sql, response.id) : null,
    );
    if (!passkey || !isFor(response, passkey.ownerId)) return null;
    const { origin } = input;
    const counter = await verifiedCounter(origin, challenge, response, passkey);
    if (counter === null) return null;
    return database.forAccounts(async (sql) => {
      if (!(await usePasskey(sql, response.id, counter))) return null;
      await refuseSuspended(sql, passkey.ownerId);
      await recordSignIn(sql, passkey.ownerId, 'passkey', true);
      return findAccount(sql, passkey.ownerId);
    });
  });
}

type Response = z.infer<typeof authenticationResponse>;

/** Section 7.2, step 6: whom the authenticator takes the person for must be whose the passkey is. */
function isFor({ response }: Response, ownerId: string): boolean {
  return (
    response.userHandle === undefined || response.userHandle === userHandleOf(ownerId).toString('base64url')
  );
}

async function verifiedCounter(
  origin: string,
  challenge: string,
  { response: { userHandle, ...answer }, ...rest }: Response,
  { publicKey, counter }: { publicKey: Buffer; counter: number },
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await webauthn();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...rest, response: userHandle === undefined ? answer : { ...answer, userHandle } },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpIdOf(origin),
      credential: { id: rest.id, publicKey: Uint8Array.from(publicKey), counter },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    // The library throws for every flaw of a response; it touches nothing that could fail otherwise.
    return null;
  }
}
