/**
 * Tokens of a text for a model whose tokenizer is elsewhere. Byte-level tokenizers make about one token of 4
 * bytes of English and of 3 bytes of Chinese: 3 errs on the safe side.
 */
export function approximateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}
