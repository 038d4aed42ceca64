import type { KeyObject } from 'node:crypto';
import type { EmbeddingModel } from '../models/embedding-model.ts';
import type { Services } from '../services.ts';
import { Unsealable } from '../storage/encryption.ts';
import { unsealText } from '../storage/sealed-text.ts';
import { lockSharingAlone } from './audience-rows.ts';
import {
  claimPending,
  giveUpPending,
  postponePending,
  readSealedTexts,
  settlePending,
  type PendingEmbedding,
} from './pending-rows.ts';
import { replaceEmbeddings, type EmbeddingRow } from './embedding-rows.ts';

const BATCH = 32;
/** Longer than any batch takes; after that another process may take it over. */
const LEASE_SECONDS = 120;
const LONGEST_WAIT_SECONDS = 3600;

type Jobs = Pick<Services, 'database' | 'dataKeys' | 'logger'>;

interface Work {
  pending: PendingEmbedding;
  text: string;
}

/**
 * Embeds the next texts that wait; answers how many were taken, 0 when nothing is due. No transaction is open while
 * the model works, and a text that changed meanwhile keeps its wish.
 */
export async function embedPending(
  services: Jobs,
  models: ReadonlyMap<number, EmbeddingModel>,
  signal: AbortSignal,
): Promise<number> {
  const work = await services.database.forJobs(async (sql) => {
    const claimed = await claimPending(sql, [...models.keys()], BATCH, LEASE_SECONDS);
    const texts = claimed.length > 0 ? await readSealedTexts(sql, claimed) : [];
    const found: Work[] = [];
    for (const pending of claimed) {
      const row = texts.find(
        (text) => text.memoryId === pending.memoryId && text.contentVersion === pending.contentVersion,
      );
      if (!row) continue;
      const keys = await services.dataKeys.of(sql, row.ownerId);
      const text = unsealed(services, keys.text, row);
      if (text !== null) found.push({ pending, text });
    }
    return found;
  });
  for (const [modelId, model] of models) {
    const mine = work.filter(({ pending }) => pending.modelId === modelId);
    if (mine.length > 0) await embedWith(services, model, mine, signal);
  }
  return work.length;
}

type SealedRow = Awaited<ReturnType<typeof readSealedTexts>>[number];

/** A damaged row is told of and passed over, so that it does not hold up the others. */
function unsealed(services: Jobs, key: KeyObject, row: SealedRow): string | null {
  try {
    return unsealText(key, row, row.sealed);
  } catch (error) {
    if (!(error instanceof Unsealable)) throw error;
    services.logger.error({ memoryId: row.memoryId, code: error.code }, error.message);
    return null;
  }
}

async function embedWith(
  services: Jobs,
  model: EmbeddingModel,
  work: readonly Work[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await store(services, await embed(model, work, signal), work);
  } catch (error) {
    if (signal.aborted) return;
    // One text that the provider refuses must not hold up the others.
    if (work.length > 1) for (const each of work) await embedWith(services, model, [each], signal);
    else if (work[0]) {
      if (await refusesText(model, error, signal)) await giveUp(services, work[0].pending);
      else await postpone(services, work[0].pending, error);
    }
  }
}

/** Whether it is the text that is refused: the model takes another one at the same time. */
async function refusesText(model: EmbeddingModel, error: unknown, signal: AbortSignal): Promise<boolean> {
  if (!isRejection(error)) return false;
  return model.embedDocuments(['ready'], signal).then(
    () => true,
    () => false,
  );
}

const isRejection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'MODEL_REJECTED';

/** A model that is being built must not wait for it for ever. */
async function giveUp(services: Jobs, pending: PendingEmbedding): Promise<void> {
  services.logger.error(
    { memoryId: pending.memoryId },
    'The embedding model refuses the text of a memory; it is found by word alone until it is changed',
  );
  await services.database.forJobs((sql) => giveUpPending(sql, pending));
}

async function embed(
  model: EmbeddingModel,
  work: readonly Work[],
  signal: AbortSignal,
): Promise<EmbeddingRow[]> {
  const chunked = await Promise.all(
    work.map(async ({ pending, text }) => ({ pending, chunks: await model.chunk(text) })),
  );
  const vectors = await model.embedDocuments(
    chunked.flatMap(({ chunks }) => chunks),
    signal,
  );
  const rows = chunked.flatMap(({ pending, chunks }) =>
    chunks.map((_text, chunk) => ({ ...pending, chunk })),
  );
  return rows.map((row, index) => {
    const vector = vectors[index];
    if (!vector) throw new Error('The model answered fewer vectors than it was given texts');
    return { ...row, vector };
  });
}

async function store(services: Jobs, rows: readonly EmbeddingRow[], work: readonly Work[]): Promise<void> {
  await services.database.forJobs(async (sql) => {
    // Whoever lets others in to a memory meanwhile would find no vectors to share, and this nobody to share them with.
    await lockSharingAlone(
      sql,
      work.map(({ pending }) => pending.ownerId),
    );
    const settled = await settlePending(
      sql,
      work.map(({ pending }) => pending),
    );
    const current = new Set(settled.map((each) => each.memoryId));
    await replaceEmbeddings(
      sql,
      rows.filter((row) => current.has(row.memoryId)),
    );
  });
}

async function postpone(services: Jobs, pending: PendingEmbedding, error: unknown): Promise<void> {
  const wait = Math.min(2 ** pending.attempts, LONGEST_WAIT_SECONDS) * (0.5 + Math.random());
  services.logger.warn(
    {
      memoryId: pending.memoryId,
      attempts: pending.attempts,
      retryInSeconds: Math.round(wait),
      reason: reason(error),
    },
    'A memory could not be embedded; it is found by word meanwhile',
  );
  await services.database.forJobs((sql) => postponePending(sql, pending, wait));
}

/** A provider's message may quote the text that it was sent, so only the error's name and code are logged. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
}
