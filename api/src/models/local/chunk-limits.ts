import type { ChunkLimits } from '../chunk-text.ts';
import type { TextTokenizer } from './tokenizer.ts';

/** Small models blur a long text into one direction: half of what they can read keeps chunks on one subject. */
export const LOCAL_CHUNK_TOKENS = 256;
export const LOCAL_OVERLAP_TOKENS = 32;

/** Shrinks both for a model that reads less, so that prefix and special tokens fit beside every chunk. */
export function localChunkLimits(
  tokenizer: TextTokenizer,
  maxTokens: number,
  documentPrefix: string,
): ChunkLimits {
  const room = maxTokens - tokenizer.specialTokens - tokenizer.count(documentPrefix);
  if (room < 16) throw new Error(`maxTokens ${maxTokens} leaves no room for text`);
  const chunk = Math.min(LOCAL_CHUNK_TOKENS, room);
  return {
    maxTokens: chunk,
    overlapTokens: Math.min(LOCAL_OVERLAP_TOKENS, chunk >> 3),
    countTokens: (text) => tokenizer.count(text),
  };
}
