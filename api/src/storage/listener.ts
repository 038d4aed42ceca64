import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection, type Connection, type OpenDriver } from './connection.ts';

const RETRY_MS = 500;

/** Hears one channel until `close`; a lost connection is opened again, and what was said meanwhile is not heard. */
export class Listener {
  readonly #open: OpenDriver;
  readonly #channel: string;
  readonly #hear: (payload: string) => void;
  readonly #reconnected: () => void;
  readonly #stop = new AbortController();
  #connection: Connection | undefined;

  private constructor(
    open: OpenDriver,
    channel: string,
    hear: (payload: string) => void,
    reconnected: () => void,
  ) {
    this.#open = open;
    this.#channel = channel;
    this.#hear = hear;
    this.#reconnected = reconnected;
  }

  static async open(
    open: OpenDriver,
    channel: string,
    hear: (payload: string) => void,
    reconnected: () => void = () => undefined,
  ): Promise<Listener> {
    const listener = new Listener(open, channel, hear, reconnected);
    await listener.#connect();
    return listener;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#connection?.close();
  }

  async #connect(): Promise<void> {
    const onnotify = (channel: string, payload: string): void => {
      // The connections of an embedded database share one session, so each hears all channels.
      if (channel === this.#channel) this.#hear(payload);
    };
    let listening = false;
    const lost = (): void => {
      if (listening) void this.#reconnect();
    };
    this.#connection = openConnection(this.#open, lost, { onnotify });
    await this.#connection.sql`listen ${this.#connection.sql(this.#channel)}`;
    listening = true;
    // It may have gone between the answer and here.
    if (this.#connection.lost) lost();
  }

  async #reconnect(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await sleep(RETRY_MS, undefined, { signal: this.#stop.signal, ref: false });
        await this.#connect();
        return this.#reconnected();
      } catch {
        // Stopped, or still not there.
      }
    }
  }
}
