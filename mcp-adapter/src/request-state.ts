import { createHash, randomBytes } from 'node:crypto';
import { type RequestStateCodec, createRequestStateCodec } from '@modelcontextprotocol/server';
import type { OperationEntry } from './operation-entry.ts';

/** What was answered so far, carried by the host between the rounds of one call (MCP 2026-07-28, multi round-trip). */
export interface RequestState {
  /** The call it belongs to: by whom, of what, with which arguments. */
  call: string;
  confirmed: boolean;
  /** By variable; null where a person declined what may be left out. */
  answers: Record<string, unknown>;
}

export type StateSeal = RequestStateCodec<RequestState>;

/** A person may take this long for all rounds together, in seconds. */
const TTL_SECONDS = 600;

/**
 * Seals states with HMAC-SHA256, so that a host can neither make nor change one.
 * @param key at least 32 bytes; the same in every process that may get the next round. Without it only this process can.
 */
export function createStateSeal(key: Uint8Array = randomBytes(32), ttlSeconds = TTL_SECONDS): StateSeal {
  return createRequestStateCodec<RequestState>({ key, ttlSeconds });
}

/** Names one call by hash, so that a state of one cannot answer for another. */
export function callFingerprint(userId: string, entry: OperationEntry, args: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([userId, entry.sha256, sorted(args)]))
    .digest('base64url');
}

/** Equal arguments are equal in whatever order a host writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
