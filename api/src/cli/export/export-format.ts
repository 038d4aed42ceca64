import { z } from 'zod';

/** The first line of an export; a later version of the format that older readers cannot read counts it up. */
export const FORMAT_VERSION = 1;

/** How an export begins: JSON Lines, this header first, then one memory a line, and `exportEnd` last. */
export const exportHeader = z.object({
  picard: z.literal('export'),
  version: z.number(),
  exportedAt: z.string(),
  account: z.object({ id: z.string(), handle: z.string(), displayName: z.string() }),
  /** Whether each memory has its earlier versions with it. */
  history: z.boolean(),
  /** Whether memories in the trash are there too. */
  trash: z.boolean(),
  /** Whether memories of others are there too, each with its `owner`. */
  shared: z.boolean().default(false),
});
export type ExportHeader = z.infer<typeof exportHeader>;

/** Without it the file was cut short. */
export const exportEnd = z.object({ picard: z.literal('end'), memories: z.number() });

/** A share that the account made, after the memories: of one memory by its id, or by rule. */
export const exportedGrant = z.object({
  picard: z.literal('grant'),
  memoryId: z.uuidv4().nullish(),
  rule: z
    .object({
      tags: z.array(z.string()),
      kinds: z.array(z.string()),
      sources: z.array(z.string()),
      thread: z.string().nullable(),
    })
    .nullish(),
  /** A group keeps its id on its own server alone. */
  with: z.union([z.object({ handle: z.string() }), z.object({ groupId: z.string(), name: z.string() })]),
  level: z.string(),
  expiresAt: z.string().nullable(),
});
export type ExportedGrant = z.infer<typeof exportedGrant>;

/** What an import must know of a memory's line beside the fields of SubmitMemoryInput. */
export const exportedMemory = z.object({
  id: z.uuidv4().transform((id) => id.toLowerCase()),
  /** Instants are RFC 3339 in UTC. */
  deletedAt: z.string().nullish(),
  /** Of somebody else's alone. */
  owner: z.object({ id: z.string(), handle: z.string() }).nullish(),
});
