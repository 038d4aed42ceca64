import { createHash } from 'node:crypto';

/** An entry as it is stored: what the hash is taken of, with every value as the text that the database writes for it. */
export interface StoredEntry {
  logId: string;
  seq: number;
  at: Date;
  /** 32 bytes; of the first entry, zeros. */
  previousHash: Buffer;
  actId: string;
  /** UUIDs in small letters, with commas between. */
  logs: string;
  act: string;
  actor: string | null;
  credential: string | null;
  credentialId: string | null;
  face: string;
  operation: string | null;
  concerned: string | null;
  subjects: string;
  subjectCount: number;
  /** JSON, as it was written. */
  details: string | null;
}

const VERSION = 'picard audit 1';
export const FIRST_HASH = Buffer.alloc(32);

/**
 * SHA-256 over: the 32 bytes of the hash before, then sixteen fields in this order, each as a netstring of its UTF-8: its
 * length in bytes, in decimal, a colon, the bytes, a comma. Null is a hyphen and a comma.
 *
 * "picard audit 1" · id of the log · number of the entry, in decimal · milliseconds since 1970, in decimal · id of the act,
 * in decimal · ids of its logs, commas between · name of the act · id of the actor’s log · kind of credential · its id ·
 * face · operation · id of the log of the account concerned · ids of the subjects, commas between · how many there were,
 * in decimal · details, JSON as stored.
 *
 * The database computes the same by itself (`audit_hash()` in `0006-audit.sql`).
 */
export function entryHash(entry: StoredEntry): Buffer {
  const hash = createHash('sha256').update(entry.previousHash);
  for (const field of fieldsOf(entry))
    hash.update(field === null ? '-,' : `${Buffer.byteLength(field)}:${field},`);
  return hash.digest();
}

const fieldsOf = (entry: StoredEntry): (string | null)[] => [
  VERSION,
  entry.logId,
  String(entry.seq),
  String(entry.at.getTime()),
  entry.actId,
  entry.logs,
  entry.act,
  entry.actor,
  entry.credential,
  entry.credentialId,
  entry.face,
  entry.operation,
  entry.concerned,
  entry.subjects,
  String(entry.subjectCount),
  entry.details,
];
