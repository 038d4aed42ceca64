import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CliError } from './cli-error.ts';

/** What the first line of a file of checkpoints calls itself. */
export const CHECKPOINT_FILE = 'audit checkpoints';

const keptCheckpoint = z.object({
  logId: z.string(),
  number: z.int(),
  hash: z.string(),
  at: z.string(),
  signature: z.string(),
});
export type KeptCheckpoint = z.infer<typeof keptCheckpoint>;

/**
 * Reads what `picard audit checkpoint` printed, or single lines of it. What the lines say is judged by the server, which
 * knows its own signature.
 * @throws {CliError}
 */
export async function readCheckpoints(file: string): Promise<KeptCheckpoint[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError('FILE_UNREADABLE', `${file} could not be read. Nothing was verified.`, {
      cause: error,
    });
  });
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const checkpoints = lines.flatMap((line, index) => {
    const parsed = parse(line);
    if (isHeader(parsed) && index === 0) return [];
    const checkpoint = keptCheckpoint.safeParse(parsed);
    if (checkpoint.success) return [checkpoint.data];
    const problem = `Line ${index + 1} of ${file} is no checkpoint. Nothing was verified.`;
    throw new CliError('NOT_A_CHECKPOINT', `${problem} \`picard audit checkpoint\` prints such a file.`);
  });
  if (checkpoints.length > 0) return checkpoints;
  throw new CliError('NOT_A_CHECKPOINT', `${file} holds no checkpoint. Nothing was verified.`);
}

const isHeader = (line: unknown): boolean =>
  typeof line === 'object' && line !== null && 'picard' in line && line.picard === CHECKPOINT_FILE;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
