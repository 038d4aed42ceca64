import { join } from 'node:path';
import { openDoor } from './door.ts';
import { RequestFailed } from './request-failed.ts';
import { readSettings } from './settings.ts';

const document = `mutation RotateMasterKey { rotateMasterKey { masterKeyVersion rewrappedDataKeys } }`;
interface Answer {
  rotateMasterKey: { masterKeyVersion: number; rewrappedDataKeys: number };
}

/** A request has ten seconds; with very many accounts, one goes on where the one before was cut. */
const ATTEMPTS = 100;

/** Puts every account's data key under a new master key. */
export async function rotateKeys(): Promise<void> {
  const settings = readSettings();
  await using door = await openDoor(settings, { administrator: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rotateMasterKey: rotated } = await door.ask<Answer>(document);
      process.stdout.write(told(rotated, join(settings.config.dataFolder, 'master-keys')));
      return;
    } catch (error) {
      const cut = error instanceof RequestFailed && error.code === 'ABORTED';
      if (!cut || attempt === ATTEMPTS) throw error;
    }
  }
}

function told({ masterKeyVersion, rewrappedDataKeys }: Answer['rotateMasterKey'], file: string): string {
  if (rewrappedDataKeys === 0) {
    return (
      `Nothing changed: every data key is under master key ${masterKeyVersion} already. The server takes its keys from ` +
      'PICARD_MASTER_KEYS: add one with a higher version there (openssl rand -base64 32), keep the older ones, ' +
      'restart, and run this again.\n'
    );
  }
  const wrapped =
    rewrappedDataKeys === 1 ? 'one data key was' : `${rewrappedDataKeys.toLocaleString('en')} data keys were`;
  return (
    `Master key ${masterKeyVersion} is the current one: ${wrapped} wrapped ` +
    'with it. Memories were not touched.\n' +
    `If the keys stand in the data folder (${file}), copy that file now to where you keep its copy: without it nobody ` +
    'can read what is written from now on. Keep the older keys as long as you keep older backups of the database.\n'
  );
}
