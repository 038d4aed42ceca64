import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Sql } from './database.ts';
import { Followers } from './followers.ts';

/** What an owner hears of their own. Ids alone: whoever hears of a change reads it again with their own permission. */
export interface MemoryEvent {
  ownerId: string;
  memoryId: string;
  kind: 'SUBMITTED' | 'UPDATED' | 'DELETED' | 'UNDELETED';
}

/** What those hear whom memories are shared with; told by the database itself (migration 0005, tell_audiences). */
export interface AudienceEvent {
  /** MANY: more than a hundred at once, which are not named. */
  kind: 'SHARED' | 'UPDATED' | 'UNSHARED' | 'MANY';
  /** Null: of several owners. */
  ownerId: string | null;
  memoryIds: string[];
  audienceIds: string[];
}

/** Who is in which audience changes in the order in which it is told what happens to them. */
interface MembershipEvent {
  kind: 'JOINED' | 'LEFT';
  groupId: string;
  memberId: string;
}

/** Somebody's audiences were read: what comes after it was told later. */
interface Mark {
  kind: 'MARK';
  id: string;
}

type Told = MemoryEvent | AudienceEvent | MembershipEvent | Mark;
type Heard = MemoryEvent | AudienceEvent;

const CHANNEL = 'picard_memories';
/** How long a mark may take: it does not come while the connection that hears is lost. */
const MARK_MS = 2_000;

/** Tells every process, once the transaction commits, and nobody if it does not. */
export async function announce(sql: Sql, events: readonly MemoryEvent[]): Promise<void> {
  await sql`
    select pg_notify(${CHANNEL}, event::text) from jsonb_array_elements(${sql.json(events as never)}::jsonb) event`;
}

/** One listener a process, however many subscribers. */
export class Events {
  readonly #database: Database;
  readonly #followers = new Followers<Heard>((accountId) => this.#audiencesOf(accountId));
  readonly #marks = new Map<string, () => void>();

  private constructor(database: Database) {
    this.#database = database;
  }

  static async open(database: Database): Promise<Events> {
    const events = new Events(database);
    await database.listen(
      CHANNEL,
      (payload) => events.#tell(JSON.parse(payload) as Told),
      () => events.#followers.learnAnew(),
    );
    return events;
  }

  #tell(event: Told): void {
    if ('audienceIds' in event) this.#followers.tellAudiences(event.audienceIds, event);
    else if ('groupId' in event) this.#followers.move(event.memberId, event.groupId, event.kind === 'JOINED');
    else if ('id' in event) this.#marks.get(event.id)?.();
    else this.#followers.tellAccount(event.ownerId, event);
  }

  /**
   * What happens to one account's memories, from this call on, and, from when `known` says so, to those that are shared
   * with it; until the signal aborts or the reader stops.
   */
  follow(accountId: string, signal = new AbortController().signal): AsyncGenerator<Heard> {
    const waiting: Heard[] = [];
    let wake: () => void = () => undefined;
    // Heard from now on: whoever reads later must not miss what was said before the first read.
    const remove = this.#followers.add(accountId, (event) => {
      waiting.push(event);
      wake();
    });
    const stop = (): void => {
      signal.removeEventListener('abort', stop);
      remove();
      wake();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    return read();

    async function* read(): AsyncGenerator<Heard> {
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

  /** When what is told to the audiences of an account that is followed is heard as well. */
  known(accountId: string): Promise<void> {
    return this.#followers.known(accountId);
  }

  /** Waits until all is heard that was told before they were read: what is told afterwards is of later than them. */
  async #audiencesOf(accountId: string): Promise<readonly string[]> {
    const id = randomUUID();
    const heard = Promise.withResolvers<void>();
    this.#marks.set(id, heard.resolve);
    const over = new AbortController();
    try {
      const audiences = await this.#database.forViewer(accountId, async (sql) => {
        const [row] = await sql<{ audiences: string[] }[]>`
          select picard_audiences() as audiences, pg_notify(${CHANNEL}, ${JSON.stringify({ kind: 'MARK', id })})`;
        return row?.audiences ?? [];
      });
      await Promise.race([heard.promise, sleep(MARK_MS, undefined, { ref: false, signal: over.signal })]);
      return audiences;
    } finally {
      over.abort();
      this.#marks.delete(id);
    }
  }
}
