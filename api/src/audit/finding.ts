/** How a log is not as it was written. */
export const findingKinds = [
  /** The entry says something else than when it was written. */
  'CHANGED',
  /** Entries between two others are gone. */
  'REMOVED',
  /** The entry follows another one than it did: the one before was put in, moved or written anew. */
  'UNLINKED',
  /** Entries at the end are gone. */
  'TRUNCATED',
  /** The log goes on from its entries to the end, but had another hash here when the server signed it. */
  'REWRITTEN',
  /** The checkpoint bears no signature of this server. */
  'FORGED_CHECKPOINT',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  logId: string;
  /** Of the entry; of the first, where several are gone. */
  seq: number;
  message: string;
}

export function finding(kind: FindingKind, logId: string, seq: number, message: string): Finding {
  return { kind, logId, seq, message: `Log ${logId}: ${message}` };
}
