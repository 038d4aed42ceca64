import { InvalidInput } from '../invalid-input.ts';
import type { AccountKeys } from '../storage/data-keys.ts';
import type { MemoryFilter } from './filter.ts';
import { keyedToken } from '../index/keyed-tokens.ts';
import { stems } from '../index/stems.ts';

/** The keyed words that `filter.text` asks for. @throws {InvalidInput} where no word index can answer. */
export function filterTokens(
  keys: AccountKeys,
  audienceId: string,
  filter: MemoryFilter,
  language: string,
): bigint[] {
  if (!filter.text) return [];
  if (filter.deleted)
    throw new InvalidInput('filter.text', 'must not be combined with deleted: the trash has no word index');
  const tokens = [...new Set(stems(filter.text, language))].map((stem) =>
    keyedToken(keys.keywords, audienceId, stem),
  );
  if (tokens.length === 0)
    throw new InvalidInput('filter.text', 'must hold at least one word that is indexed');
  return tokens;
}
