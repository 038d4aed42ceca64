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
});
export type ExportHeader = z.infer<typeof exportHeader>;

/** Without it the file was cut short. */
export const exportEnd = z.object({ picard: z.literal('end'), memories: z.number() });

/** What an import must know of a memory's line beside the fields of SubmitMemoryInput. */
export const exportedMemory = z.object({
  id: z.uuidv4().transform((id) => id.toLowerCase()),
  /** Instants are RFC 3339 in UTC. */
  deletedAt: z.string().nullish(),
});
