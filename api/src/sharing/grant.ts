import { z } from 'zod';
import { clearText } from '../clear-text.ts';
import { checked, InvalidInput } from '../invalid-input.ts';
import { memoryKinds, type MemoryKind } from '../memories/memory.ts';

/** What a grant allows, each more than the one before: to see; to change the text too; to pass on too. */
export const grantLevels = ['READ', 'WRITE', 'SHARE'] as const;
export type GrantLevel = (typeof grantLevels)[number];

/** Which of its owner's memories a grant is about, those to come included. An empty list does not narrow. */
export interface GrantRule {
  /** All of these. */
  tags: string[];
  /** Any of these. */
  kinds: MemoryKind[];
  sources: string[];
  thread: string | null;
}

/** Its owner's memory, or all that fit a rule, seen by one person or group. */
export interface Grant {
  id: string;
  ownerId: string;
  memoryId: string | null;
  rule: GrantRule | null;
  /** A user or a group. */
  audienceId: string;
  /** Null where the audience is a person. */
  groupName: string | null;
  level: GrantLevel;
  expiresAt: Date | null;
  /** The owner, or whoever passed on what was shared with them. */
  grantedBy: string;
  createdAt: Date;
}

export const MAX_GRANTS_OF_MEMORY = 1_000;
export const MAX_RULES = 1_000;
/** How many people and groups one request may name, and how many shares it may come to. */
export const MAX_GRANTEES = 50;
export const MAX_SHARES = 2_000;
/** For how many memories whoever is let in finds their words at once; the rest follows within seconds. */
export const WORDS_AT_ONCE = 500;

const label = (max: number) =>
  clearText.trim().min(1, 'must not be empty').max(max, `must be at most ${max} characters`);
const set = <Item extends z.ZodType<string>>(item: Item) =>
  z
    .array(item)
    .max(50, 'must be at most 50')
    .nullish()
    .transform((items) => [...new Set(items ?? [])].toSorted());
const rule = z.object({
  tags: set(label(64)),
  kinds: set(z.enum(memoryKinds)),
  sources: set(label(200)),
  thread: label(200)
    .nullish()
    .transform((thread) => thread ?? null),
});

export type GivenRule = z.input<typeof rule>;

/** Two rules that say the same are equal. @throws {InvalidInput} */
export function checkedRule(given: unknown): GrantRule {
  const { tags, kinds, sources, thread } = checked('rule', rule, given);
  if (tags.length + kinds.length + sources.length === 0 && thread === null)
    throw new InvalidInput('rule', 'must name at least one of tags, kinds, sources and thread');
  return { tags, kinds, sources, thread };
}

/** @throws {InvalidInput} */
export function checkedEnd(expiresAt: Date | null | undefined): Date | null {
  if (expiresAt && expiresAt <= new Date())
    throw new InvalidInput('expiresAt', 'must be in the future; to end a share now, revoke it');
  return expiresAt ?? null;
}
