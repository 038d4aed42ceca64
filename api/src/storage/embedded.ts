import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';

export interface EmbeddedOptions {
  /** Where the database's files lie; without one it lives in memory and ends with the process. */
  folder?: string;
  /** A dump of another embedded database to begin with; only for a database in memory. */
  snapshot?: Uint8Array<ArrayBuffer>;
}

export interface EmbeddedDatabase {
  /** Opens a connection that looks like a socket: what the driver's `socket` option asks for. */
  connect(): Duplex;
  dump(): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Starts the embedded Postgres in a worker thread, so that a long scan never holds up the event loop. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: options });
  await once(worker, 'message');
  let exited = false;
  worker.once('exit', () => (exited = true));
  worker.unref();

  async function ask<Answer>(request: object): Promise<Answer> {
    worker.ref();
    worker.postMessage(request);
    const [answer] = (await once(worker, 'message')) as [Answer];
    worker.unref();
    return answer;
  }

  return {
    connect() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ connect: port2 }, [port2]);
      return portSocket(port1);
    },
    async dump() {
      return (await ask<{ dumped: Uint8Array<ArrayBuffer> }>({ dump: true })).dumped;
    },
    async close() {
      if (exited) return;
      await ask({ close: true });
      await worker.terminate();
    },
  };
}

function portSocket(port: MessagePort): Duplex {
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      port.postMessage(chunk);
      done();
    },
    final(done) {
      port.close();
      done();
    },
    destroy(error, done) {
      port.close();
      done(error);
    },
  });
  port.on('message', (bytes: Uint8Array) => socket.push(bytes));
  port.on('close', () => socket.destroy());
  // The driver skips its own connect when the socket says that it is open.
  return Object.assign(socket, { readyState: 'open' });
}
