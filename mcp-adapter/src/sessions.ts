/** Something kept for one user between requests. */
export interface Session {
  userId: string;
  close(): Promise<void>;
}

export interface SessionLimits {
  /** Across all users; the one unused longest goes first. */
  total: number;
  perUser: number;
  idleMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { total: 4_000, perUser: 1_000, idleMs: 60 * 60_000 };

/** Sessions by id, bounded in number and idle time. A host whose session is gone gets 404 and starts anew. */
export class SessionStore<S extends Session> {
  /** In order of last use, the oldest first. */
  readonly #sessions = new Map<string, { session: S; usedAt: number }>();
  readonly #limits: SessionLimits;
  readonly #now: () => number;

  constructor(limits: SessionLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session, if it is this user's; another's answers like none. */
  use(id: string, userId: string): S | undefined {
    this.#dropIdle();
    const entry = this.#sessions.get(id);
    if (entry?.session.userId !== userId) return undefined;
    this.#sessions.delete(id);
    this.#sessions.set(id, { session: entry.session, usedAt: this.#now() });
    return entry.session;
  }

  add(id: string, session: S): void {
    this.#dropIdle();
    const own = [...this.#sessions].filter(([, entry]) => entry.session.userId === session.userId);
    if (own.length >= this.#limits.perUser) this.#end(own[0]?.[0]);
    if (this.#sessions.size >= this.#limits.total) this.#end(this.#sessions.keys().next().value);
    this.#sessions.set(id, { session, usedAt: this.#now() });
  }

  delete(id: string): void {
    this.#sessions.delete(id);
  }

  async closeAll(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.allSettled(sessions.map(({ session }) => session.close()));
  }

  #dropIdle(): void {
    const oldest = this.#now() - this.#limits.idleMs;
    for (const [id, { usedAt }] of this.#sessions) {
      if (usedAt > oldest) return;
      this.#end(id);
    }
  }

  #end(id: string | undefined): void {
    if (id === undefined) return;
    const entry = this.#sessions.get(id);
    this.#sessions.delete(id);
    void entry?.session.close().catch(() => undefined);
  }
}
