import { keyedToken } from '../index/keyed-tokens.ts';
import { stems } from '../index/stems.ts';
import type { WordKey } from '../index/word-keys.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { FilterWords, MemoryFilter } from './filter.ts';

/**
 * What `filter.text` asks for in each index that the viewer may look into.
 * @param wordKeysOf asked only where the filter has words
 * @throws {InvalidInput} where no word index can answer
 */
export async function filterWords(
  filter: MemoryFilter,
  language: string,
  wordKeysOf: () => WordKey[] | Promise<WordKey[]>,
): Promise<FilterWords[]> {
  if (!filter.text) return [];
  if (filter.deleted)
    throw new InvalidInput('filter.text', 'must not be combined with deleted: the trash has no word index');
  const asked = [...new Set(stems(filter.text, language))];
  if (asked.length === 0)
    throw new InvalidInput('filter.text', 'must hold at least one word that is indexed');
  return (await wordKeysOf()).map(({ audienceId, own, key }) => ({
    audienceId,
    own,
    tokens: asked.map((stem) => keyedToken(key, audienceId, stem)),
  }));
}
