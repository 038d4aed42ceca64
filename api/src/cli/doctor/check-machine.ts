import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { mend, note, ok, type Finding } from './finding.ts';

export function checkNode(): Finding {
  // The launcher lets no older one come this far.
  return ok('Node', process.versions.node);
}

export function checkEnvironment(): Finding {
  return existsSync('.env')
    ? ok('Settings', 'the environment, and .env in this folder')
    : ok(
        'Settings',
        'the environment and defaults; there is no .env in this folder (.env.example shows what can be set)',
      );
}

export async function checkDataFolder({ dataFolder }: Config): Promise<Finding> {
  const found = await stat(dataFolder).catch(() => null);
  if (!found) return note('Data folder', `${dataFolder} is not there yet; the first start makes it`);
  const usable = found.isDirectory() && (await mayUse(dataFolder));
  if (!usable) {
    return mend(
      'Data folder',
      `${dataFolder} cannot be written by this user`,
      'Give it to the user that runs Picard, or name another folder with PICARD_DATA.',
    );
  }
  const open = await readableByOthers(dataFolder);
  if (open.length === 0) return ok('Data folder', dataFolder);
  return mend(
    'Data folder',
    `other users of this machine can read ${open.join(' and ')}`,
    `chmod 600 ${open.join(' ')}`,
  );
}

function mayUse(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The files that hold secrets; Windows has no such bits. */
async function readableByOthers(dataFolder: string): Promise<string[]> {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  for (const name of ['master-keys', 'first-key']) {
    const file = join(dataFolder, name);
    const mode = (await stat(file).catch(() => null))?.mode ?? 0;
    if (mode & 0o077) open.push(file);
  }
  return open;
}

/** Whether a start could listen where the settings say. */
export async function checkPort({ host, port }: Config): Promise<Finding> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
    server.close();
    return ok('Port', `${host}:${port} is free`);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no reason';
    return mend(
      'Port',
      `Picard cannot listen on ${host}:${port} (${why})`,
      'Stop the program that listens there, or choose another port or address: PICARD_PORT, PICARD_HOST.',
    );
  }
}
