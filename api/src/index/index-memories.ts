import type { AccountKeys } from '../storage/data-keys.ts';
import type { Sql } from '../storage/database.ts';
import { deleteEmbeddings } from './embedding-rows.ts';
import { requestEmbeddings } from './pending-rows.ts';
import { listReaders, settlePendingWords } from './audience-rows.ts';
import { wordsFor } from './index-for-audiences.ts';
import { deleteKeywords, putKeywords } from './keyword-rows.ts';
import { keyedWords } from './keyed-tokens.ts';

export interface Indexable {
  ownerId: string;
  id: string;
  contentVersion: number;
  text: string;
  language: string;
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

/** The words alone, for the owner and for everybody that the memory is shared with: where its vectors are still there. */
export async function indexWords(sql: Sql, keys: AccountKeys, memories: readonly Indexable[]): Promise<void> {
  const own = memories.map(({ ownerId, id, text, language }) => ({
    ...keyedWords(keys.keywords, ownerId, text, language),
    ownerId,
    memoryId: id,
    audienceId: ownerId,
  }));
  const readers = await listReaders(sql, memories);
  const texts = new Map(memories.map((memory) => [memory.id, memory]));
  const others = readers.flatMap((reader) => {
    const memory = texts.get(reader.memoryId);
    return memory ? wordsFor(keys, reader, memory) : [];
  });
  // In the order of the job that keys words from the queue, which holds these rows before those.
  await settlePendingWords(sql, readers);
  await putKeywords(sql, [...own, ...others]);
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
