import type { AccountKeys, DataKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { unsealText } from '../storage/sealed-text.ts';
import {
  claimPendingWords,
  listPendingOwners,
  lockSharingAlone,
  settlePendingWords,
  type Reader,
} from './audience-rows.ts';
import { keyedWords } from './keyed-tokens.ts';
import { putKeywords, type KeywordRow } from './keyword-rows.ts';

/** The words of a memory as the index of one audience has them. */
export function wordsFor(
  keys: AccountKeys,
  reader: Reader,
  { text, language }: { text: string; language: string },
): KeywordRow {
  const { ownerId, memoryId, audienceId } = reader;
  return { ownerId, memoryId, audienceId, ...keyedWords(keys.audienceWords, audienceId, text, language) };
}

/**
 * Makes findable by word, for audiences that have been let in, what they still lack; answers how many were taken.
 * @param sql of a job, or of an owner: then of the owner's memories alone
 */
export async function indexPendingWords(sql: Sql, dataKeys: DataKeys, limit: number): Promise<number> {
  const owners = await listPendingOwners(sql, limit);
  // A text that is rewritten meanwhile would be keyed as it was, and whoever writes it waits for rows that wait for it.
  await lockSharingAlone(sql, owners);
  const pending = await claimPendingWords(sql, owners, limit);
  if (pending.length === 0) return 0;
  const keysOf = await dataKeys.ofAll(
    sql,
    pending.map(({ ownerId }) => ownerId),
  );
  const rows = pending.map((each) => {
    const keys = keysOf(each.ownerId);
    const text = unsealText(keys.text, each, each.sealed);
    return wordsFor(keys, each, { text, language: each.language });
  });
  await putKeywords(sql, rows);
  await settlePendingWords(sql, pending);
  return pending.length;
}
