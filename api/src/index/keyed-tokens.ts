import { createHmac, type KeyObject } from 'node:crypto';
import { stems } from './stems.ts';

/** One memory's row in the word index: what the database sees instead of words. */
export interface KeyedWords {
  tokens: bigint[];
  counts: number[];
  /** Indexed words in the text, repetitions included. */
  length: number;
}

/**
 * The first 8 bytes of HMAC-SHA-256(index key, audience ‖ stem), as a signed number: the same word gives the same
 * token within one audience, and another one elsewhere.
 */
export function keyedToken(key: KeyObject, audienceId: string, stem: string): bigint {
  return createHmac('sha256', key).update(audienceId).update(stem).digest().readBigInt64BE(0);
}

export function keyedWords(key: KeyObject, audienceId: string, text: string, language: string): KeyedWords {
  const occurrences = new Map<string, number>();
  const all = stems(text, language);
  for (const stem of all) occurrences.set(stem, (occurrences.get(stem) ?? 0) + 1);
  return {
    tokens: [...occurrences.keys()].map((stem) => keyedToken(key, audienceId, stem)),
    counts: [...occurrences.values()],
    length: all.length,
  };
}
