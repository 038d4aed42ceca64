import { approximateTokens } from './approximate-tokens.ts';

/** OpenAI takes 300 000 tokens in one request; the rest is room for what the estimate misses. */
export const MAX_TOKENS_PER_REQUEST = 200_000;

/** Cuts a list into runs that one request may carry, by number and by estimated tokens; keeps the order. */
export function batches(
  texts: readonly string[],
  maxTexts: number,
  maxTokens = MAX_TOKENS_PER_REQUEST,
): string[][] {
  const result: string[][] = [];
  let batch: string[] = [];
  let tokens = 0;
  for (const text of texts) {
    const more = approximateTokens(text);
    if (batch.length > 0 && (batch.length === maxTexts || tokens + more > maxTokens)) {
      result.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(text);
    tokens += more;
  }
  if (batch.length > 0) result.push(batch);
  return result;
}
