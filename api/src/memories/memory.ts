import { z } from 'zod';
import { clearText } from '../clear-text.ts';
import { checked, InvalidInput } from '../invalid-input.ts';

export const memoryKinds = [
  'NOTE',
  'FACT',
  'PREFERENCE',
  'EVENT',
  'MESSAGE',
  'DOCUMENT',
  'INSTRUCTION',
  'REFLECTION',
] as const;
export type MemoryKind = (typeof memoryKinds)[number];

/**
 * Who or what wrote a memory, most trusted first. The credential decides (trust.ts), and a memory that was made of others
 * is trusted no more than the least of them (lineage.ts).
 */
export const trusts = ['PERSON', 'APP', 'IMPORT', 'OTHER_PERSON'] as const;
export type Trust = (typeof trusts)[number];

/** Who else may see a memory: nobody, those whom the owner named, everyone. */
export const visibilities = ['PRIVATE', 'SHARED', 'PUBLIC'] as const;
export type Visibility = (typeof visibilities)[number];

/** What a person says of a memory beside its text; stored in clear, so that it can be filtered. */
export interface MemoryMetadata {
  kind: MemoryKind;
  tags: string[];
  /** Where it came from: an app, a file, an address. */
  source: string | null;
  /** The name that the source has for it; a source can bring each of its names once. */
  sourceId: string | null;
  /** A conversation or document that it is a part of, and its place there. */
  thread: string | null;
  position: number | null;
  /** BCP 47. */
  language: string;
  trust: Trust;
  occurredAt: Date | null;
  expiresAt: Date | null;
}

export interface Memory extends MemoryMetadata {
  id: string;
  ownerId: string;
  text: string;
  /** SHARED is with whom grants name, which may be nobody; PRIVATE wins over every grant. */
  visibility: Visibility;
  /** Who wrote the present version; null: the owner. */
  writtenBy: string | null;
  /** The part of whoever wrote it, where what it was made of makes `trust` less; null: that is the whole. */
  ownTrust: Trust | null;
  /** Counts every change; `expectedVersion` compares with it. */
  version: number;
  /** Counts the changes of the text alone. */
  contentVersion: number;
  createdAt: Date;
  modifiedAt: Date;
  deletedAt: Date | null;
}

export const MAX_TEXT = 32_768;
export const MAX_BATCH = 500;
/** How long the trash keeps a memory. */
export const TRASH_DAYS = 30;

const label = (max: number) =>
  clearText.trim().min(1, 'must not be empty').max(max, `must be at most ${max} characters`);

const text = z
  .string()
  .max(MAX_TEXT, `must be at most ${MAX_TEXT} characters; split a longer text into a thread of memories`)
  .refine((value) => value.trim() !== '', 'must not be empty')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode, without lone surrogates');

const metadata = {
  kind: z.enum(memoryKinds),
  tags: z
    .array(label(64))
    .max(50, 'must be at most 50')
    .transform((tags) => [...new Set(tags)]),
  source: label(200).nullable(),
  sourceId: label(200).nullable(),
  thread: label(200).nullable(),
  position: z.number().int().min(0, 'must not be negative').nullable(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 tag such as "en" or "pt-BR"'),
  trust: z.enum(trusts),
  occurredAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
};

const visibility = z.enum(visibilities);
const partial = z.object({ text, visibility, ...metadata }).partial();

const complete = z.object({
  text,
  ...metadata,
  kind: metadata.kind.default('NOTE'),
  tags: metadata.tags.default([]),
  source: metadata.source.default(null),
  sourceId: metadata.sourceId.default(null),
  thread: metadata.thread.default(null),
  position: metadata.position.default(null),
  language: metadata.language.default('en'),
  trust: metadata.trust.default('PERSON'),
  visibility: visibility.default('SHARED'),
  occurredAt: metadata.occurredAt.default(null),
  expiresAt: metadata.expiresAt.default(null),
});

export type MemoryFields = { text: string; visibility: Visibility } & MemoryMetadata;
/** As a caller gives them, before they are checked. */
export type GivenFields = { [Key in keyof MemoryFields]?: MemoryFields[Key] | null | undefined };

/** A new memory's fields, checked and complete. @throws {InvalidInput} */
export function newFields(input: GivenFields, field: string): MemoryFields {
  const fields = checked(
    field,
    complete,
    // For a new memory, null says no more than absence.
    Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)),
  );
  refuseLonePosition(fields, field);
  // What is imported may have had its day; whatever is written now is meant to be found.
  if (fields.trust !== 'IMPORT') refusePast(fields.expiresAt, field);
  return fields;
}

/** Which fields change, checked; what is absent stays. @throws {InvalidInput} */
export function changedFields(current: MemoryFields, input: GivenFields, field: string): MemoryFields {
  const changes = checked(field, partial, input);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const fields: MemoryFields = { ...current, ...given };
  refuseLonePosition(fields, field);
  // A form that sends every field back does not ask for a new expiry.
  if (fields.expiresAt?.getTime() !== current.expiresAt?.getTime()) refusePast(fields.expiresAt, field);
  return fields;
}

function refuseLonePosition(fields: MemoryMetadata, field: string): void {
  if (fields.position !== null && fields.thread === null) {
    throw new InvalidInput(`${field}.position`, 'must come with the thread that it is a place in');
  }
}

function refusePast(expiresAt: Date | null, field: string): void {
  if (expiresAt && expiresAt <= new Date()) {
    throw new InvalidInput(`${field}.expiresAt`, 'must be in the future; to remove a memory now, delete it');
  }
}

export function isExpired(memory: Memory, now = new Date()): boolean {
  return memory.expiresAt !== null && memory.expiresAt <= now;
}
