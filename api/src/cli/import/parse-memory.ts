import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidInput } from '../../invalid-input.ts';
import { memoryKinds, newFields, trusts, visibilities, type MemoryFields } from '../../memories/memory.ts';
import { exportedMemory } from '../export/export-format.ts';

export interface ImportOptions {
  /** For lines that name no source. */
  source?: string | undefined;
  /** Takes a line's own word for who wrote it, instead of IMPORT. */
  keepTrust?: boolean | undefined;
  /** Shares again what was shared, and publishes what was public. */
  withShares?: boolean | undefined;
}

export interface ParsedMemory {
  fields: MemoryFields;
  /** The memories of a Picard that this was exported from: at the last export, and at the first of a chain. */
  originIds: string[];
  /** It was public, and is not published again unless that is asked for. */
  unpublished: boolean;
}

const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i, mustBeInstant())
  .refine((text) => !Number.isNaN(Date.parse(text)), mustBeInstant())
  .transform((text) => new Date(text));
function mustBeInstant(): string {
  return 'must be an instant such as 2026-11-21T09:30:00Z, with an offset or Z';
}
const oneOf = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z
    .string()
    .transform((name) => name.toUpperCase().replaceAll('-', '_'))
    .pipe(z.enum(names, `must be one of ${names.join(', ')}`));
const text = z.string('must be text').nullish();

/** The fields of SubmitMemoryInput, as JSON has them. */
const fields = {
  text: z.string('must be there, and be text'),
  kind: oneOf(memoryKinds).nullish(),
  tags: z.array(z.string('must be text'), 'must be a list of texts').nullish(),
  source: text,
  sourceId: text,
  thread: text,
  position: z.int32('must be a whole number').nullish(),
  language: text,
  trust: oneOf(trusts).nullish(),
  occurredAt: instant.nullish(),
  expiresAt: instant.nullish(),
  visibility: oneOf(visibilities).nullish(),
};
const plainLine = z.strictObject(fields);
const exportLine = z.object({ ...fields, id: exportedMemory.shape.id, owner: exportedMemory.shape.owner });

/** A line of somebody's own making: camelCase or snake_case. @throws {InvalidInput} naming the field, never its value */
export function parsePlain(value: object, options: ImportOptions): ParsedMemory {
  const renamed = Object.entries(value).map(([key, each]) => [camelCase(key), each] as const);
  return complete(parsed(plainLine, Object.fromEntries(renamed)), { id: null, others: false }, options);
}

/** A line of an export of ours, which the account with `exporterId` made. @throws {InvalidInput} */
export function parseExported(value: object, exporterId: string, options: ImportOptions): ParsedMemory {
  const { id, owner, ...given } = parsed(exportLine, value);
  return complete(given, { id, others: Boolean(owner && owner.id !== exporterId) }, options);
}

type GivenLine = z.infer<typeof plainLine>;

/** Where a line comes from: which memory it was, and whether of somebody else than who exported it. */
interface Origin {
  id: string | null;
  others: boolean;
}

function complete(given: GivenLine, { id, others }: Origin, options: ImportOptions): ParsedMemory {
  const stillValid = !given.expiresAt || given.expiresAt > new Date();
  // Only what comes in with an import may have had its day.
  const own = options.keepTrust && stillValid ? (given.trust ?? 'IMPORT') : 'IMPORT';
  // What somebody else wrote speaks for nobody here, and is nobody else's to read.
  const trust = others ? 'OTHER_PERSON' : own;
  const unpublished = !others && given.visibility === 'PUBLIC' && !options.withShares;
  const visibility = others ? 'PRIVATE' : unpublished ? 'SHARED' : given.visibility;
  try {
    const checked = newFields({ ...given, source: given.source ?? options.source, trust, visibility }, '');
    const first = checked.source === null ? idIn(checked.sourceId) : null;
    const originIds = [id, first].filter((each) => each !== null);
    const sourceId = checked.sourceId ?? (id ? `${ORIGIN}${id}` : contentHash(checked));
    return { fields: { ...checked, sourceId }, originIds, unpublished };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.field.replace(/^\./, ''), problemOf(error));
  }
}

/** A memory without a name of its own is known by its id where it comes from, so that it is taken once. */
const ORIGIN = 'picard:';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function idIn(sourceId: string | null): string | null {
  const id = sourceId?.startsWith(ORIGIN) ? sourceId.slice(ORIGIN.length) : '';
  return uuid.test(id) ? id : null;
}

/** The same line is the same memory, whichever file it stands in. */
function contentHash(fields: MemoryFields): string {
  const { source: _source, sourceId: _id, trust: _trust, visibility: _visibility, ...content } = fields;
  const ordered = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(ordered)).digest('base64url')}`;
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(fields).join(', ');
    throw new InvalidInput(issue.keys.join(', '), `is not a field of a memory; there are ${known}`);
  }
  throw new InvalidInput(issue?.path.join('.') ?? 'line', issue?.message ?? 'cannot be used');
}

function problemOf({ field, message }: InvalidInput): string {
  return message.slice(field.length + 1).replace(/\.$/, '');
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
