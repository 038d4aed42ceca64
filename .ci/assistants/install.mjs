import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { environment } from './room.mjs';

/** Kept between runs: each is 170 MB to fetch, and 400 MB on the disk. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/assistants/', import.meta.url));
const PATIENCE_MS = 300_000;

const run = promisify(execFile);

export class NotToBeHad extends Error {
  name = 'NotToBeHad';
}

/**
 * Installs a package of the npm registry in a folder of its own, once for each version.
 * @param {{ package: string, version: string, command: string }} wanted the command as a path within `node_modules`
 * @returns the command
 * @throws {NotToBeHad} saying why it cannot be run here.
 */
export async function install({ package: name, version, command }) {
  const folder = join(CACHE, `${name.replaceAll('/', '-')}-${version}`);
  const path = join(folder, 'node_modules', command);
  const proof = join(folder, 'runs-here');
  if (await exists(proof)) return path;
  await mkdir(folder, { recursive: true });
  const args = [
    'install',
    '--prefix',
    folder,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  await run('npm', [...args, `${name}@${version}`], { cwd: folder, timeout: PATIENCE_MS }).catch((error) => {
    throw new NotToBeHad(`npm does not install ${name}@${version}: ${told(error)}`);
  });
  const { stdout } = await run(path, ['--version'], { env: environment(folder) }).catch((error) => {
    throw new NotToBeHad(`${name}@${version} does not run on this machine: ${told(error)}`);
  });
  if (!stdout.includes(version)) throw new NotToBeHad(`instead of ${version} it is ${stdout.trim()}`);
  await writeFile(proof, '');
  return path;
}

const told = ({ stderr, message }) => (stderr || message).trim().split('\n').slice(0, 2).join('; ');

const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );
