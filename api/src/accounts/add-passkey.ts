import type { z } from 'zod';
import { checked } from '../invalid-input.ts';
import type { Services } from '../services.ts';
import { violatesUnique } from '../storage/errors.ts';
import { PasskeyRefused } from './errors.ts';
import {
  ALGORITHMS,
  MAX_PASSKEYS,
  passkeyName,
  registrationResponse,
  rpIdOf,
  type Passkey,
  type PasskeyKey,
} from './passkey.ts';
import { challengeOf } from './passkey-challenge.ts';
import { insertPasskey, listPasskeys, takeChallenge } from './passkey-rows.ts';
import { requireRecentSignIn } from './recent-sign-in.ts';
import type { Viewer } from './viewer.ts';
import { webauthn } from './webauthn.ts';

export interface NewPasskey {
  /** RegistrationResponseJSON (Web Authentication Level 3), unchecked. */
  response: unknown;
  name?: string | null | undefined;
}

/**
 * Takes the authenticator's answer to what `beginPasskey` asked.
 * @param origin where people reach this server.
 * @throws {ReauthenticationRequired | InvalidInput | PasskeyRefused}
 */
export async function addPasskey(
  { database }: Services,
  viewer: Viewer,
  origin: string,
  input: NewPasskey,
): Promise<Passkey> {
  requireRecentSignIn(viewer);
  const name = checked('name', passkeyName, input.name ?? 'Passkey');
  const response = checked('response', registrationResponse, input.response);
  const challenge = challengeOf(response.response.clientDataJSON);
  const begun =
    challenge !== null &&
    (await database.forViewer(viewer.id, (sql) => takeChallenge(sql, challenge, viewer.id)));
  if (!begun) throw new PasskeyRefused('it answers nothing that was asked in the last minutes; begin again');
  const { id, ...key } = await verified(origin, challenge, response);
  const passkey: Passkey = { id, name, createdAt: new Date(), lastUsedAt: null };
  try {
    await database.forViewer(viewer.id, async (sql) => {
      if ((await listPasskeys(sql, viewer.id)).length >= MAX_PASSKEYS)
        throw new PasskeyRefused(`you have ${MAX_PASSKEYS} already; delete one that you do not use`);
      await insertPasskey(sql, viewer.id, passkey, key);
    });
  } catch (error) {
    if (violatesUnique(error, 'passkeys_by_credential') || violatesUnique(error, 'passkeys_pkey'))
      throw new PasskeyRefused('it is in use already');
    throw error;
  }
  return passkey;
}

async function verified(
  origin: string,
  challenge: string,
  response: z.infer<typeof registrationResponse>,
): Promise<PasskeyKey & { id: string }> {
  const { verifyRegistrationResponse } = await webauthn();
  const { verified: good, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpIdOf(origin),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    // The library throws for every flaw of a response, and says which.
    throw new PasskeyRefused(
      error instanceof Error ? error.message.replace(/\.$/, '') : 'its answer is flawed',
    );
  });
  if (!good) throw new PasskeyRefused('its attestation is not what it says');
  const { id, publicKey, counter } = registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey), counter, transports: response.response.transports };
}
