import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between Picard and its database, and can take it away. */
export interface Proxy extends AsyncDisposable {
  url: string;
  /** Cuts every connection, and takes no more. */
  refuse(): void;
  accept(): void;
  /** Cuts each connection at the first thing that is asked on it, once it is ready. */
  cutFirstQuery(): void;
  /** Until somebody has been answered to a `listen` since the last cut. */
  listening(): Promise<void>;
}

/** ReadyForQuery, outside a transaction (PostgreSQL, 53.7 "Message Formats"). */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');

export async function startProxy(target: URL): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let accepting = true;
  let cutting = false;
  let listened = Promise.withResolvers<void>();
  const server = createServer((client) => {
    if (!accepting) return void client.resetAndDestroy();
    const upstream = connect({ host: target.hostname, port: Number(target.port || 5432) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (sockets.delete(socket), client.destroy(), upstream.destroy()));
    }
    client.pipe(upstream);
    upstream.pipe(client);
    upstream.on('data', (bytes: Buffer) => {
      if (bytes.includes('LISTEN\0')) listened.resolve();
      if (cutting && bytes.includes(READY)) client.once('data', () => client.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    refuse() {
      accepting = false;
      listened = Promise.withResolvers();
      for (const socket of sockets) socket.resetAndDestroy();
    },
    accept() {
      accepting = true;
      cutting = false;
    },
    cutFirstQuery: () => (cutting = true),
    listening: () => listened.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
