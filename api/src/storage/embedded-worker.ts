import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { vector } from '@electric-sql/pglite-pgvector';
import { fsyncSync } from 'node:fs';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { EmbeddedOptions } from './embedded.ts';
import { WireServer } from './wire-server.ts';

type InitOptions = Parameters<NodeFS['init']>[1];
interface EmscriptenStream {
  nfd?: number;
}

/** PGlite's file system ignores fsync; a power cut would then lose acknowledged commits. */
class DurableNodeFS extends NodeFS {
  override async init(pg: PGlite, options: InitOptions): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options);
    const hook = (module: {
      FS: { filesystems: { NODEFS: { stream_ops: Record<string, unknown> } } };
    }): void => {
      module.FS.filesystems.NODEFS.stream_ops['fsync'] = (stream: EmscriptenStream) => {
        if (stream.nfd !== undefined) fsyncSync(stream.nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...list(emscriptenOpts.preRun), hook] } };
  }
}

function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

async function open(options: EmbeddedOptions): Promise<PGlite> {
  const extensions = { vector };
  if (!options.folder) {
    const snapshot = options.snapshot ? { loadDataDir: new Blob([options.snapshot]) } : {};
    return PGlite.create({ extensions, ...snapshot });
  }
  const startParams = [...PGlite.defaultStartParams.filter((each) => each !== '-F'), '-c', 'fsync=on'];
  return PGlite.create({ fs: new DurableNodeFS(options.folder), extensions, startParams });
}

const port = parentPort;
if (!port) throw new Error('embedded-worker.ts runs in a worker thread only');

const database = await open(workerData as EmbeddedOptions);
const server = new WireServer(database);

type Request = { connect: MessagePort } | { dump: true } | { close: true };

async function answer(request: Request): Promise<object | null> {
  if ('connect' in request) return serve(request.connect);
  if ('dump' in request) {
    const dump = await database.dumpDataDir('none');
    return { dumped: new Uint8Array(await dump.arrayBuffer()) };
  }
  await database.close();
  return { closed: true };
}

port.on('message', (request: Request) => {
  void answer(request).then((reply) => reply && port.postMessage(reply));
});

function serve(client: MessagePort): null {
  const connection = server.connect((bytes) => client.postMessage(bytes));
  client.on('message', (bytes: Uint8Array) => {
    connection.receive(bytes).catch(() => client.close());
  });
  client.on('close', () => void connection.close());
  return null;
}

port.postMessage({ ready: true });
