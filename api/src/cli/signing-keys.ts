import { openDoor } from './door.ts';
import { readSettings } from './settings.ts';

const rotation = `mutation RotateSigningKey { rotateSigningKey { signsFrom made } }`;
interface Rotated {
  rotateSigningKey: { signsFrom: string; made: boolean };
}

const revocation = `mutation RevokeSigningKeys { revokeSigningKeys { dropped } }`;
interface Revoked {
  revokeSigningKeys: { dropped: number };
}

/** Publishes the key that will sign access tokens next. */
export async function rotateSigningKey(): Promise<void> {
  await using door = await openDoor(readSettings(), { administrator: true });
  const { rotateSigningKey: rotated } = await door.ask<Rotated>(rotation);
  const from = `${rotated.signsFrom.slice(0, 16).replace('T', ' ')} UTC`;
  process.stdout.write(
    rotated.made
      ? `The next signing key is published, and signs access tokens from ${from} on. Those that are out stay good until ` +
          'they expire, and nothing has to be restarted.\n'
      : `Nothing changed: a next signing key was waiting already. It signs from ${from} on.\n`,
  );
}

/** Drops every key that signs access tokens, after somebody else may have read one. */
export async function revokeSigningKeys(): Promise<void> {
  await using door = await openDoor(readSettings(), { administrator: true });
  const { dropped } = (await door.ask<Revoked>(revocation)).revokeSigningKeys;
  process.stdout.write(
    `${dropped === 1 ? 'One signing key was' : `${dropped} signing keys were`} dropped, and a new one signs from now on. ` +
      'Within two seconds every access token that is out is refused, whoever signed it. Nobody has to sign in again: ' +
      'apps fetch new tokens by themselves.\n',
  );
}
