import { keyedToken } from '../index/keyed-tokens.ts';
import { stems } from '../index/stems.ts';
import { wordKeysOf } from '../index/word-keys.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { DataKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import type { FilterWords, MemoryFilter } from './filter.ts';

/** What `filter.text` asks for in each index that the viewer may look into. @throws {InvalidInput} where no word index can answer. */
export async function filterWords(
  sql: Sql,
  dataKeys: DataKeys,
  viewerId: string,
  filter: MemoryFilter,
  language: string,
): Promise<FilterWords[]> {
  if (!filter.text) return [];
  if (filter.deleted)
    throw new InvalidInput('filter.text', 'must not be combined with deleted: the trash has no word index');
  const asked = [...new Set(stems(filter.text, language))];
  if (asked.length === 0)
    throw new InvalidInput('filter.text', 'must hold at least one word that is indexed');
  const wordKeys = await wordKeysOf(sql, viewerId, await dataKeys.of(sql, viewerId));
  return wordKeys.map(({ audienceId, own, key }) => ({
    audienceId,
    own,
    tokens: asked.map((stem) => keyedToken(key, audienceId, stem)),
  }));
}
