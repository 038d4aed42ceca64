import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryFields } from '../../memories/memory.ts';
import { CliError } from '../cli-error.ts';
import type { Door } from '../door.ts';
import { RequestFailed } from '../request-failed.ts';

/** What the server made of one memory. */
export type Submitted = { came: 'added' | 'present'; id: string } | { code: string; reason: string };

const document = `mutation ImportMemories($input: SubmitMemoriesInput!) {
  submitMemories(input: $input) {
    __typename
    ... on SubmitMemoriesPayload { results {
      __typename ... on UserError { code message } ... on SubmitMemoryPayload { memory { id } }
      ... on DuplicateSource { memoryId } } }
    ... on UserError { code message }
  }
}`;

interface Outcome {
  __typename: string;
  code?: string;
  message?: string;
  memory?: { id: string };
  memoryId?: string;
}
interface Answer {
  submitMemories: Outcome & { results?: Outcome[] };
}

/** A server that restarts, or a database that moves, is back within this. */
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000];

/**
 * What each memory came to, in order. Every memory has a source id, so a request whose answer was lost may be sent
 * again. A request that is refused whole is sent in halves, until the one memory is found that cannot be taken.
 */
export async function submitBatch(
  door: Door,
  memories: readonly MemoryFields[],
  signal: AbortSignal,
): Promise<Submitted[]> {
  if (memories.length === 0) return [];
  try {
    const { submitMemories } = await persistently(door, memories, signal);
    if (submitMemories.results) return submitMemories.results.map(submitted);
    throw new RequestFailed({
      message: submitMemories.message ?? 'The batch was refused.',
      extensions: { code: submitMemories.code },
    });
  } catch (error) {
    if (!(error instanceof RequestFailed) || error.ofCredential) throw error;
    if (error.passing && error.code !== 'ABORTED') throw error;
    if (memories.length === 1) return [{ code: error.code, reason: error.message }];
    const half = Math.ceil(memories.length / 2);
    const first = await submitBatch(door, memories.slice(0, half), signal);
    return [...first, ...(await submitBatch(door, memories.slice(half), signal))];
  }
}

async function persistently(
  door: Door,
  memories: readonly MemoryFields[],
  signal: AbortSignal,
): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await door.ask<Answer>(document, { input: { memories: memories.map(asInput) } });
    } catch (error) {
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !mayPass(error)) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** What took too long is not tried again as it is: half of it takes half as long. */
function mayPass(error: unknown): boolean {
  if (error instanceof CliError) return error.code === 'SERVER_UNREACHABLE';
  return error instanceof RequestFailed && error.passing && error.code !== 'ABORTED';
}

/** In JSON, as GraphQL's variables have it. */
function asInput({ occurredAt, expiresAt, ...fields }: MemoryFields): Record<string, unknown> {
  return {
    ...fields,
    occurredAt: occurredAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

export function inputBytes(fields: MemoryFields): number {
  return Buffer.byteLength(JSON.stringify(asInput(fields)));
}

function submitted({ __typename, code, message, memory, memoryId }: Outcome): Submitted {
  if (memory) return { came: 'added', id: memory.id };
  if (memoryId !== undefined) return { came: 'present', id: memoryId };
  // "memories.17.text must …": which one it is, the line's number says.
  return { code: code ?? __typename, reason: (message ?? 'refused.').replace(/^memories\.\d+\./, '') };
}
