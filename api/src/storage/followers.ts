import { setTimeout as sleep } from 'node:timers/promises';

type Hear<Event> = (event: Event) => void;

/** One account that is followed in this process, and the audiences it is in, as far as they are known. */
interface Followed<Event> {
  readonly accountId: string;
  readonly hearers: Set<Hear<Event>>;
  audiences: ReadonlySet<string>;
  /** Groups come into and left while the audiences are being read, the last word on each. */
  changes: Map<string, boolean> | undefined;
  known: Promise<void> | undefined;
}

const RETRY_MS = 500;

/** Who follows what happens in this process: accounts, by the audiences that they are in. */
export class Followers<Event> {
  readonly #accounts = new Map<string, Followed<Event>>();
  readonly #audiences = new Map<string, Set<Followed<Event>>>();
  readonly #read: (accountId: string) => Promise<readonly string[]>;

  /** @param read the audiences of an account, once what was told before they were read has been heard */
  constructor(read: (accountId: string) => Promise<readonly string[]>) {
    this.#read = read;
  }

  /** From now on; answers what ends it. */
  add(accountId: string, hear: Hear<Event>): () => void {
    const followed: Followed<Event> = this.#accounts.get(accountId) ?? {
      accountId,
      hearers: new Set(),
      audiences: new Set(),
      changes: undefined,
      known: undefined,
    };
    this.#accounts.set(accountId, followed);
    followed.hearers.add(hear);
    return () => {
      followed.hearers.delete(hear);
      if (followed.hearers.size > 0 || this.#accounts.get(accountId) !== followed) return;
      this.#accounts.delete(accountId);
      this.#enter(followed, new Set());
    };
  }

  /** When the audiences of an account that is followed are known, and what is told to them is heard. */
  async known(accountId: string): Promise<void> {
    const followed = this.#accounts.get(accountId);
    if (!followed) return;
    followed.known ??= this.#learn(followed).catch((error: unknown) => {
      followed.known = undefined;
      throw error;
    });
    await followed.known;
  }

  /** After a time in which nothing was heard: who is in which group is read again. */
  learnAnew(): void {
    for (const followed of this.#accounts.values()) {
      if (!followed.known) continue;
      this.#enter(followed, new Set());
      followed.known = this.#untilLearnt(followed);
    }
  }

  /** An account came into a group, or left it. */
  move(accountId: string, groupId: string, joined: boolean): void {
    const followed = this.#accounts.get(accountId);
    if (!followed?.known) return;
    if (followed.changes) followed.changes.set(groupId, joined);
    else this.#enter(followed, moved(followed.audiences, new Map([[groupId, joined]])));
  }

  tellAccount(accountId: string, event: Event): void {
    for (const hear of this.#accounts.get(accountId)?.hearers ?? []) hear(event);
  }

  /** Whoever is in several of the audiences hears it once. */
  tellAudiences(audienceIds: readonly string[], event: Event): void {
    const told = new Set(audienceIds.flatMap((id) => [...(this.#audiences.get(id) ?? [])]));
    for (const { hearers } of told) for (const hear of hearers) hear(event);
  }

  async #learn(followed: Followed<Event>): Promise<void> {
    const changes = (followed.changes = new Map<string, boolean>());
    const audiences = await this.#read(followed.accountId);
    // Begun anew meanwhile, or followed no more.
    if (followed.changes !== changes || followed.hearers.size === 0) return;
    followed.changes = undefined;
    this.#enter(followed, moved(new Set(audiences), changes));
  }

  async #untilLearnt(followed: Followed<Event>): Promise<void> {
    while (followed.hearers.size > 0) {
      try {
        return await this.#learn(followed);
      } catch {
        // The database is away again.
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #enter(followed: Followed<Event>, audiences: ReadonlySet<string>): void {
    for (const id of followed.audiences) {
      const there = this.#audiences.get(id);
      there?.delete(followed);
      if (there?.size === 0) this.#audiences.delete(id);
    }
    followed.audiences = audiences;
    for (const id of audiences) {
      const there = this.#audiences.get(id) ?? new Set();
      this.#audiences.set(id, there.add(followed));
    }
  }
}

function moved(audiences: ReadonlySet<string>, changes: ReadonlyMap<string, boolean>): Set<string> {
  const now = new Set(audiences);
  for (const [groupId, joined] of changes) {
    if (joined) now.add(groupId);
    else now.delete(groupId);
  }
  return now;
}
