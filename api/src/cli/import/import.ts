import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { CliError } from '../cli-error.ts';
import { openDoor, type Door } from '../door.ts';
import { interrupts } from '../interrupt.ts';
import { progressBar } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { LineReader } from './import-lines.ts';
import { makeShares, type NumberedShare } from './make-shares.ts';
import type { ImportOptions, ParsedMemory } from './parse-memory.ts';
import { presentMemories } from './present-memories.ts';
import { readLines } from './read-lines.ts';
import { inputBytes, submitBatch } from './submit-batch.ts';
import { summary } from './summary.ts';
import { Tally } from './tally.ts';

export interface ImportCommand extends ImportOptions {
  dryRun?: boolean;
  report?: string;
}

/** Limits of the API: memories in a batch, and with room to spare the bytes of a request. */
const MAX_MEMORIES = 500;
const MAX_BYTES = 4 * 1024 * 1024;

type Numbered = ParsedMemory & { line: number };

/** Brings a file in, line by line; what cannot be taken is told and does not stop the rest. */
export async function importFile(file: string, options: ImportCommand): Promise<void> {
  const { stream, size } = await open(file);
  await using door = options.dryRun ? null : await openDoor(readSettings());
  const tally = await Tally.open(options.report);
  const reader = new LineReader(options);
  const progress = progressBar(size);
  using interrupt = interrupts();
  addAbortSignal(interrupt.signal, stream);
  const run = new Run(door, reader, tally, interrupt.signal, options.withShares ?? false);
  try {
    await run.all(stream, (bytes) =>
      progress.update(bytes, `${tally.added} added, ${tally.present} already there, ${tally.failed} failed`),
    );
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
  } finally {
    progress.stop();
    await tally.close();
    const stoppedAt = run.finished ? null : run.next;
    process.stdout.write(
      summary({ file, tally, stoppedAt, cutShort: run.finished && reader.cutShort, options }),
    );
  }
  if (!run.finished) process.exitCode = 130;
  else if (tally.failed > 0 || reader.cutShort) process.exitCode = 1;
}

class Run {
  finished = false;
  /** The first line that is not dealt with yet. */
  next = 1;
  readonly #door: Door | null;
  readonly #reader: LineReader;
  readonly #tally: Tally;
  readonly #stop: AbortSignal;
  #batch: Numbered[] = [];
  #bytes = 0;
  /** What each memory of an export is here. */
  readonly #came = new Map<string, string>();
  readonly #shares: NumberedShare[] = [];
  readonly #withShares: boolean;

  constructor(door: Door | null, reader: LineReader, tally: Tally, stop: AbortSignal, withShares: boolean) {
    this.#withShares = withShares;
    this.#door = door;
    this.#reader = reader;
    this.#tally = tally;
    this.#stop = stop;
  }

  async all(stream: AsyncIterable<Buffer>, onProgress: (bytes: number) => void): Promise<void> {
    for await (const line of readLines(stream)) {
      if (this.#stop.aborted) return;
      const entry = this.#reader.read(line);
      if (entry.kind === 'trashed') this.#tally.trashed += 1;
      if (entry.kind === 'failed') await this.#tally.fail({ line: line.number, ...entry.failure });
      if (entry.kind === 'grant') this.#keep({ ...entry.grant, line: line.number });
      if (entry.kind !== 'memory') continue;
      if (entry.memory.unpublished) this.#tally.unpublished += 1;
      const size = inputBytes(entry.memory.fields);
      if (this.#batch.length === MAX_MEMORIES || this.#bytes + size > MAX_BYTES) {
        await this.#flush();
        this.next = line.number;
        onProgress(line.end);
      }
      this.#batch.push({ ...entry.memory, line: line.number });
      this.#bytes += size;
    }
    if (this.#stop.aborted) return;
    await this.#flush();
    if (this.#door) await makeShares(this.#door, this.#shares, this.#came, this.#tally, this.#stop);
    this.finished = !this.#stop.aborted;
  }

  #keep(share: NumberedShare): void {
    if (this.#withShares) this.#shares.push(share);
    else this.#tally.unshared += 1;
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (this.#door) await submit(this.#door, batch, this.#tally, this.#stop, this.#came);
    else this.#tally.added += batch.length;
  }
}

async function submit(
  door: Door,
  batch: readonly Numbered[],
  tally: Tally,
  stop: AbortSignal,
  came: Map<string, string>,
): Promise<void> {
  const there = await presentMemories(
    door,
    batch.flatMap(({ originIds }) => originIds),
  );
  const fresh = batch.filter(({ originIds }) => !originIds.some((id) => there.has(id)));
  tally.present += batch.length - fresh.length;
  for (const { originIds } of batch) {
    const here = originIds.find((id) => there.has(id));
    if (here && originIds[0]) came.set(originIds[0], here);
  }
  const outcomes = await submitBatch(
    door,
    fresh.map(({ fields }) => fields),
    stop,
  );
  for (const [index, { line, originIds }] of fresh.entries()) {
    const outcome = outcomes[index] ?? { code: 'UNKNOWN', reason: 'no answer.' };
    if ('came' in outcome) {
      tally[outcome.came] += 1;
      if (originIds[0]) came.set(originIds[0], outcome.id);
    } else await tally.fail({ line, ...outcome });
  }
}

async function open(file: string): Promise<{ stream: Readable; size: number }> {
  if (file === '-') return { stream: process.stdin, size: 0 };
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new CliError('FILE_NOT_FOUND', `There is no file ${file} that can be read. Check the path.`);
  }
  return { stream: createReadStream(file, { highWaterMark: 256 * 1024 }), size: found.size };
}
