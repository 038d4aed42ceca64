import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Services } from '../services.ts';
import { addressBlock } from './address-block.ts';
import { CHALLENGE_SECONDS, rpIdOf } from './passkey.ts';
import { insertChallenge } from './passkey-rows.ts';
import type { From } from './sign-in-limits.ts';
import { webauthn } from './webauthn.ts';

/**
 * What `navigator.credentials.get` is asked, by whichever passkey of this server the person chooses.
 * @param input.origin where people reach this server.
 * @param from limits how many challenges one address may have made.
 */
export async function beginPasskeySignIn(
  { database, signIn }: Services,
  { origin }: { origin: string },
  from?: From,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  if (from) await signIn.throttle.take('passkey-challenge', addressBlock(from.address));
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: rpIdOf(origin),
    userVerification: 'required',
    timeout: CHALLENGE_SECONDS * 1_000,
  });
  await database.forAccounts((sql) => insertChallenge(sql, options.challenge, null, CHALLENGE_SECONDS));
  return options;
}
