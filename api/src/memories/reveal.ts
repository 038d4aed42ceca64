import type { AccountKeys } from '../storage/data-keys.ts';
import { sealText, unsealText } from '../storage/sealed-text.ts';
import type { Memory } from './memory.ts';
import type { MemoryRow } from './rows.ts';

/** Opens a stored memory with its owner's key. */
export function reveal<Row extends MemoryRow>(keys: AccountKeys, row: Row): Memory & Omit<Row, 'sealed'> {
  const { sealed, ...memory } = row;
  return { ...memory, text: unsealText(keys.text, { ...row, memoryId: row.id }, sealed) };
}

/** A memory as it is stored, its text sealed with its owner's key. */
export function conceal(keys: AccountKeys, { text, ...memory }: Memory): MemoryRow {
  return { ...memory, sealed: sealText(keys.text, { ...memory, memoryId: memory.id }, text) };
}
