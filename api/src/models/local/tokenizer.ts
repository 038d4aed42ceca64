import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';

export interface TextTokenizer {
  /** Ids with the special tokens around them, cut to `maxTokens`. */
  encode(text: string): number[];
  /** Tokens of the text alone, without special tokens. */
  count(text: string): number;
  /** Special tokens that `encode` adds. */
  readonly specialTokens: number;
}

/** @param configFile `tokenizer_config.json`; may be missing, as `tokenizer.json` says all that is needed. */
export async function openTokenizer(
  tokenizerFile: string,
  configFile: string,
  maxTokens: number,
): Promise<TextTokenizer> {
  const definition = await readJsonObject(tokenizerFile);
  const config = await readJsonObject(configFile).catch(() => ({}));
  // The file's own truncation and padding are settings of whoever exported it.
  const tokenizer = new Tokenizer({ ...definition, truncation: null, padding: null }, config);
  const around = tokenizer.encode('').ids;

  return {
    specialTokens: around.length,
    count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length,
    encode(text) {
      const { ids } = tokenizer.encode(text);
      if (ids.length <= maxTokens) return ids;
      // BERT wants its last token to be the separator.
      return [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
    },
  };
}

async function readJsonObject(file: string): Promise<object> {
  const value: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`${file} is not a JSON object`);
  return value;
}
