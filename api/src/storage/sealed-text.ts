import type { KeyObject } from 'node:crypto';
import { seal, unseal } from './encryption.ts';

interface Place {
  ownerId: string;
  memoryId: string;
  contentVersion: number;
}

/** The same in the present version, in history and in the trash: moving a text needs no re-encryption. */
const context = ({ ownerId, memoryId, contentVersion }: Place): string =>
  `memory-text|${ownerId}|${memoryId}|${contentVersion}`;

export function sealText(key: KeyObject, place: Place, text: string): Buffer {
  return seal(key, Buffer.from(text), context(place));
}

/** @throws {Unsealable} when the row is not the one that was sealed. */
export function unsealText(key: KeyObject, place: Place, sealed: Buffer): string {
  return unseal(key, sealed, context(place)).toString();
}
