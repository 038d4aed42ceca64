import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { deleteEmbeddings } from './embedding-rows.ts';
import { requestEmbeddings } from './pending-rows.ts';
import { deleteKeywords, putKeywords } from './keyword-rows.ts';
import { keyedWords } from './keyed-tokens.ts';

export interface Indexable {
  ownerId: string;
  id: string;
  contentVersion: number;
  text: string;
  language: string;
  thread: string | null;
}

/** Makes memories findable, in the transaction that writes them: by word at once, by meaning as soon as embedded. */
export async function indexMemories(
  sql: Sql,
  keys: AccountKeys,
  memories: readonly Indexable[],
): Promise<void> {
  await Promise.all([
    indexWords(sql, keys, memories),
    requestEmbeddings(
      sql,
      memories.map(({ ownerId, id, contentVersion }) => ({ ownerId, memoryId: id, contentVersion })),
    ),
  ]);
}

/** The words alone: for a memory whose vectors are still there. */
export async function indexWords(sql: Sql, keys: AccountKeys, memories: readonly Indexable[]): Promise<void> {
  await putKeywords(
    sql,
    memories.map(({ ownerId, id, text, language, thread }) => ({
      ...keyedWords(keys.keywords, ownerId, text, language),
      ownerId,
      memoryId: id,
      audienceId: ownerId,
      thread,
    })),
  );
}

export async function reindexMemories(
  sql: Sql,
  keys: AccountKeys,
  memories: readonly Indexable[],
): Promise<void> {
  for (const ownerId of new Set(memories.map((memory) => memory.ownerId))) {
    const ids = memories.filter((memory) => memory.ownerId === ownerId).map((memory) => memory.id);
    await deleteEmbeddings(sql, ownerId, ids);
  }
  await indexMemories(sql, keys, memories);
}

/** What lies in the trash is found by nobody, and counts in no document frequency. */
export async function unindexMemories(sql: Sql, ownerId: string, ids: readonly string[]): Promise<void> {
  await deleteKeywords(sql, ownerId, ids);
}
