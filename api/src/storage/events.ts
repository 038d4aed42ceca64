import type { Database, Sql } from './database.ts';

/** Ids alone: whoever hears of a change reads it again with their own permission. */
export interface MemoryEvent {
  ownerId: string;
  memoryId: string;
  kind: 'SUBMITTED' | 'UPDATED' | 'DELETED' | 'UNDELETED';
}

const CHANNEL = 'picard_memories';

/** Tells every process, once the transaction commits, and nobody if it does not. */
export async function announce(sql: Sql, events: readonly MemoryEvent[]): Promise<void> {
  await sql`
    select pg_notify(${CHANNEL}, event::text) from jsonb_array_elements(${sql.json(events as never)}::jsonb) event`;
}

/** One listener a process, however many subscribers. */
export class Events {
  readonly #hearers = new Map<string, Set<(event: MemoryEvent) => void>>();

  static async open(database: Database): Promise<Events> {
    const events = new Events();
    await database.listen(CHANNEL, (payload) => events.#tell(JSON.parse(payload) as MemoryEvent));
    return events;
  }

  #tell(event: MemoryEvent): void {
    for (const hear of this.#hearers.get(event.ownerId) ?? []) hear(event);
  }

  /** What happens to one account's memories, from this call on, until the signal aborts or the reader stops. */
  follow(ownerId: string, signal = new AbortController().signal): AsyncGenerator<MemoryEvent> {
    const waiting: MemoryEvent[] = [];
    let wake: () => void = () => undefined;
    const hear = (event: MemoryEvent): void => {
      waiting.push(event);
      wake();
    };
    const stop = (): void => {
      signal.removeEventListener('abort', stop);
      this.#remove(ownerId, hear);
      wake();
    };
    // Heard from now on: whoever reads later must not miss what was said before the first read.
    this.#hearers.set(ownerId, (this.#hearers.get(ownerId) ?? new Set()).add(hear));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    return read();

    async function* read(): AsyncGenerator<MemoryEvent> {
      try {
        while (!signal.aborted) {
          const event = waiting.shift();
          if (event) yield event;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        stop();
      }
    }
  }

  #remove(ownerId: string, hear: (event: MemoryEvent) => void): void {
    const hearers = this.#hearers.get(ownerId);
    hearers?.delete(hear);
    if (hearers?.size === 0) this.#hearers.delete(ownerId);
  }
}
