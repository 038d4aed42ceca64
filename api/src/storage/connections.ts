import { openConnection, ConnectionLost, type Connection, type OpenDriver } from './connection.ts';
import { DatabaseUnavailable } from './errors.ts';

/** How long work in flight may go on after a stop was asked for. */
const DRAIN_MS = 5_000;

/** Lends connections, one piece of work each, and opens more as they are needed up to `max`. */
export class Connections {
  readonly #open: OpenDriver;
  readonly #max: number;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(open: OpenDriver, max: number) {
    this.#open = open;
    this.#max = max;
  }

  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#take();
    try {
      return await work(connection);
    } finally {
      this.#giveBack(connection);
    }
  }

  async close(): Promise<void> {
    this.#drained ??= Promise.withResolvers();
    this.#tellDrained();
    const patience = setTimeout(this.#drained.resolve, DRAIN_MS);
    await this.#drained.promise;
    clearTimeout(patience);
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  async #take(): Promise<Connection> {
    if (this.#drained) throw new DatabaseUnavailable(new ConnectionLost(), 'nothing');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.size < this.#max) return this.#connect();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #connect(): Connection {
    const connection = openConnection(this.#open, (lost) => this.#forget(lost));
    this.#all.add(connection);
    return connection;
  }

  #giveBack(connection: Connection): void {
    const spent = connection.lost || connection.expiresAt < Date.now();
    if (spent) {
      this.#forget(connection);
      void connection.close();
    }
    // The place of a lost one may be taken already; whoever has it serves those who wait.
    const next = spent && this.#all.size >= this.#max ? undefined : this.#waiting.shift();
    if (next) next(spent ? this.#connect() : connection);
    else if (!spent) this.#idle.push(connection);
    this.#tellDrained();
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #tellDrained(): void {
    if (this.#all.size === this.#idle.length) this.#drained?.resolve();
  }
}
