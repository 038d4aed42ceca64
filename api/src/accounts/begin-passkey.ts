import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { Services } from '../services.ts';
import { PasskeyRefused } from './errors.ts';
import { ALGORITHMS, CHALLENGE_SECONDS, hasPasskeys, MAX_PASSKEYS, rpIdOf, userHandleOf } from './passkey.ts';
import { insertChallenge, listPasskeys } from './passkey-rows.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import { findAccount } from './rows.ts';
import type { Viewer } from './viewer.ts';
import { webauthn } from './webauthn.ts';

/**
 * What `navigator.credentials.create` is asked: a passkey that the authenticator keeps and unlocks for its owner alone.
 * @param origin where people reach this server.
 * @throws {ReauthenticationRequired | PasskeyRefused}
 */
export async function beginPasskey(
  { database }: Services,
  viewer: Viewer,
  origin: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  requireRecentSignIn(viewer);
  if (!hasPasskeys(origin))
    throw new PasskeyRefused(`browsers have none at ${origin}, but only at an https address with a name`);
  const { generateRegistrationOptions } = await webauthn();
  return database.forViewer(viewer.id, async (sql) => {
    const account = await findAccount(sql, viewer.id);
    if (!account) throw new Error('The account of a living credential is gone');
    const passkeys = await listPasskeys(sql, viewer.id);
    if (passkeys.length >= MAX_PASSKEYS)
      throw new PasskeyRefused(`you have ${MAX_PASSKEYS} already; delete one that you do not use`);
    const options = await generateRegistrationOptions({
      rpName: 'Picard',
      rpID: rpIdOf(origin),
      userID: Uint8Array.from(userHandleOf(account.id)),
      userName: account.handle,
      userDisplayName: account.displayName,
      timeout: CHALLENGE_SECONDS * 1_000,
      excludeCredentials: passkeys,
      supportedAlgorithmIDs: ALGORITHMS,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    await insertChallenge(sql, options.challenge, viewer.id, CHALLENGE_SECONDS);
    return options;
  });
}
