import type { Logger } from 'pino';
import type { Actor } from '../storage/acting.ts';
import type { Database } from '../storage/database.ts';
import type { ReadWay } from './read.ts';
import { putReads, type NotedRead } from './rows.ts';

/** What is lost of the reads before a kill -9. */
const EVERY_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Reads that are waiting when so many are, are written at once. */
const FULL = 5_000;
/** While the database is away: what comes beyond these is not noted, but counted. */
const MOST = 100_000;
/** Few, so that a request that meets a batch is not held up by it. */
const ROWS_AT_ONCE = 200;
/** What is longer tells no more, and would not fit an index. */
const MAX_APP_ID = 255;

/** Notes who saw what. */
export interface Reads {
  /** Nothing is noted where nobody asked: a job reads, but sees nothing. */
  note(memory: { ownerId: string; id: string }, way: ReadWay): void;
  /** The same for a request: what is noted through it was read by this actor. */
  by(actor: Actor): Reads;
  /** Writes what is waiting; what cannot be written waits on. */
  flush(): Promise<void>;
}

/** Reads are noted in memory and written apart from the request that read, so that none is slowed or fails by it. */
export class ReadLog implements Reads {
  readonly #parts: { database: Database; logger: Logger };
  readonly #most: number;
  readonly #timer: NodeJS.Timeout;
  #waiting = new Map<string, NotedRead>();
  #flushing: Promise<void> | undefined;
  #missed = 0;

  constructor(parts: { database: Database; logger: Logger }, most = MOST) {
    this.#parts = parts;
    this.#most = most;
    this.#timer = setInterval(() => void this.flush(), EVERY_MS).unref();
  }

  note(): void {
    // Nobody asked.
  }

  by(actor: Actor): Reads {
    return {
      note: (memory, way) => this.#note(actor, memory, way),
      by: (other) => this.by(other),
      flush: () => this.flush(),
    };
  }

  #note(actor: Actor, memory: { ownerId: string; id: string }, way: ReadWay): void {
    const { account: readerId, credential, credentialId = '', face } = actor;
    if (readerId === null || face === 'page' || face === 'oauth') return;
    const now = new Date();
    const { ownerId, id: memoryId } = memory;
    const appKind = credential === 'key' ? 'KEY' : 'APP';
    // What somebody calls their keys by is nobody else's business.
    const appId = appKind === 'KEY' && readerId !== ownerId ? '' : credentialId.slice(0, MAX_APP_ID);
    const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
    const read: Omit<NotedRead, 'count' | 'firstAt' | 'lastAt'> = {
      ownerId,
      memoryId,
      readerId,
      appKind,
      appId,
      face,
      way,
      hour,
    };
    this.#add({ ...read, count: 1, firstAt: now, lastAt: now });
    if (this.#waiting.size >= FULL) void this.flush();
  }

  #add(read: NotedRead): void {
    const { memoryId, readerId, appKind, appId, face, way, hour } = read;
    const key = `${memoryId} ${readerId} ${face} ${way} ${hour.getTime()} ${appKind} ${appId}`;
    const known = this.#waiting.get(key);
    if (known) {
      known.count += read.count;
      if (read.firstAt < known.firstAt) known.firstAt = read.firstAt;
      if (read.lastAt > known.lastAt) known.lastAt = read.lastAt;
    } else if (this.#waiting.size < this.#most) this.#waiting.set(key, read);
    else this.#missed += read.count;
  }

  async flush(): Promise<void> {
    // What was noted during a flush that is going on is written by the next.
    await this.#flushing;
    this.#flushing ??= this.#write().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  async #write(): Promise<void> {
    const { database, logger } = this.#parts;
    const taken = [...this.#waiting.values()].sort(inLockOrder);
    this.#waiting = new Map();
    for (let start = 0; start < taken.length; start += ROWS_AT_ONCE) {
      const reads = taken.slice(start, start + ROWS_AT_ONCE);
      try {
        await database.forJobs((sql) => putReads(sql, reads));
      } catch (error) {
        for (const read of reads) this.#add(read);
        const reason = error instanceof Error ? error.name : 'unknown';
        logger.debug(
          { reason, reads: reads.length },
          'Who saw what could not be written just now; it is tried again',
        );
      }
    }
    if (this.#missed === 0) return;
    logger.warn(
      { missed: this.#missed },
      'Some reads were not noted: the database did not take them in time',
    );
    this.#missed = 0;
  }

  /** Writes what is waiting. Before the database closes, and after the last request. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
    if (this.#waiting.size > 0)
      this.#parts.logger.warn({ missed: this.#waiting.size }, 'Some reads could not be noted at the end');
  }
}

/** Two instances that write the same rows do not wait for each other in a circle. */
function inLockOrder(a: NotedRead, b: NotedRead): number {
  const order = (read: NotedRead): string => `${read.ownerId} ${read.memoryId} ${read.readerId}`;
  return order(a) < order(b) ? -1 : 1;
}
