import type { PGlite } from '@electric-sql/pglite';

const NOTIFICATION_RESPONSE = 0x41; // 'A'
const READY_FOR_QUERY = 0x5a; // 'Z'
const TERMINATE = 0x58; // 'X'
const IDLE = 0x49; // 'I'

/**
 * Speaks the Postgres wire protocol (version 3, "Frontend/Backend Protocol") for many connections over the single
 * backend of PGlite. A connection owns the backend from its first message until `ReadyForQuery` reports idle, so
 * transactions of different connections never interleave.
 */
export class WireServer {
  readonly #connections = new Set<WireConnection>();
  readonly #database: PGlite;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(database: PGlite) {
    this.#database = database;
  }

  connect(send: (bytes: Uint8Array) => void): WireConnection {
    const connection = new WireConnection(this.#database, send, {
      takeTurn: () => this.#takeTurn(),
      notifyAll: (bytes) => {
        for (const each of this.#connections) each.deliver(bytes);
      },
      closed: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }

  async #takeTurn(): Promise<() => void> {
    const before = this.#lastTurn;
    const turn = Promise.withResolvers<void>();
    this.#lastTurn = turn.promise;
    await before;
    return turn.resolve;
  }
}

interface Backend {
  takeTurn(): Promise<() => void>;
  notifyAll(bytes: Uint8Array): void;
  closed(): void;
}

export class WireConnection {
  readonly #database: PGlite;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #backend: Backend;
  #unread: Buffer = Buffer.alloc(0);
  #started = false;
  #endTurn: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();
  #open = true;

  constructor(database: PGlite, send: (bytes: Uint8Array) => void, backend: Backend) {
    this.#database = database;
    this.#send = send;
    this.#backend = backend;
  }

  /** Takes the bytes of any number of messages, whole or in part; they are answered in order. */
  receive(chunk: Uint8Array): Promise<void> {
    this.#work = this.#work.then(() => this.#answer(chunk));
    return this.#work;
  }

  deliver(bytes: Uint8Array): void {
    if (this.#open) this.#send(bytes);
  }

  close(): Promise<void> {
    this.#open = false;
    // Also after a failure: the turn must not be lost with the connection.
    this.#work = this.#work.catch(() => undefined).then(() => this.#release());
    return this.#work;
  }

  async #answer(chunk: Uint8Array): Promise<void> {
    if (!this.#open) return;
    this.#unread = Buffer.concat([this.#unread, chunk]);
    const { messages, last } = this.#wholeMessages();
    if (messages.length > 0) await this.#execute(messages);
    if (last) await this.#release();
  }

  async #execute(messages: Buffer): Promise<void> {
    this.#endTurn ??= await this.#backend.takeTurn();
    // It may have gone while it waited.
    if (!this.#open) return this.#giveUpTurn();
    const answer = Buffer.from(
      await this.#database.runExclusive(() => this.#database.execProtocolRaw(messages)),
    );
    if (this.#forward(answer)) this.#giveUpTurn();
  }

  /**
   * The start-up message has no type byte; every other message is a type byte and a length that counts itself. The
   * backend serves the others too, so it must not hear that one connection ends: `last` tells.
   */
  #wholeMessages(): { messages: Buffer; last: boolean } {
    let end = 0;
    let last = false;
    for (;;) {
      const typeBytes = this.#started ? 1 : 0;
      if (this.#unread.length < end + typeBytes + 4) break;
      const size = typeBytes + this.#unread.readInt32BE(end + typeBytes);
      if (this.#unread.length < end + size) break;
      last = this.#started && this.#unread[end] === TERMINATE;
      if (last) break;
      end += size;
      this.#started = true;
    }
    const messages = this.#unread.subarray(0, end);
    this.#unread = this.#unread.subarray(end);
    return { messages, last };
  }

  /** Sends the answer on, notifications to every connection; returns whether the backend is idle. */
  #forward(answer: Buffer): boolean {
    let idle = false;
    let from = 0;
    let at = 0;
    while (at + 5 <= answer.length) {
      const size = 1 + answer.readInt32BE(at + 1);
      if (answer[at] === NOTIFICATION_RESPONSE) {
        if (at > from) this.deliver(answer.subarray(from, at));
        this.#backend.notifyAll(answer.subarray(at, at + size));
        from = at + size;
      }
      if (answer[at] === READY_FOR_QUERY) idle = answer[at + 5] === IDLE;
      at += size;
    }
    if (at > from) this.deliver(answer.subarray(from, at));
    return idle;
  }

  async #release(): Promise<void> {
    this.#open = false;
    this.#backend.closed();
    if (this.#endTurn && this.#database.isInTransaction())
      await this.#database.exec('rollback').catch(() => undefined);
    this.#giveUpTurn();
  }

  #giveUpTurn(): void {
    this.#endTurn?.();
    this.#endTurn = undefined;
  }
}
