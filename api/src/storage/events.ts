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

  /** What happens to one account's memories, from now until the signal aborts or the reader stops. */
  async *follow(ownerId: string, signal?: AbortSignal): AsyncGenerator<MemoryEvent> {
    const waiting: MemoryEvent[] = [];
    let wake: () => void = () => undefined;
    const hear = (event: MemoryEvent): void => {
      waiting.push(event);
      wake();
    };
    const hearers = this.#hearers.get(ownerId) ?? new Set();
    this.#hearers.set(ownerId, hearers.add(hear));
    const onAbort = (): void => wake();
    signal?.addEventListener('abort', onAbort);
    try {
      while (!signal?.aborted) {
        const event = waiting.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      hearers.delete(hear);
      if (hearers.size === 0) this.#hearers.delete(ownerId);
    }
  }
}
