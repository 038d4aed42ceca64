import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, type Config } from '../config.ts';
import { loadEnvironment } from '../environment.ts';
import { findServer } from '../running-server.ts';
import { CliError } from './cli-error.ts';

/** What the command line reads beside the settings of `config.ts`. `.env.example` lists these too. */
export const CLI_SETTINGS = ['PICARD_URL', 'PICARD_TOKEN'] as const;

export interface CliSettings {
  config: Config;
  /** A server to ask instead of the one of the data folder. */
  url: URL | null;
  /** The API key to act with. */
  token: string | null;
}

export function readSettings(): CliSettings {
  const env = loadEnvironment();
  const { PICARD_URL: url, PICARD_TOKEN: token } = env;
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CliError('INVALID_CONFIG', 'PICARD_URL must be an address such as http://localhost:8001.');
  }
  return { config: readConfig(env), url: url ? new URL(url) : null, token: token?.trim() || null };
}

/** PICARD_URL, else where the server of this data folder answers; null when none does. */
export async function serverOf({ config, url }: CliSettings): Promise<URL | null> {
  return url ?? findServer(config.dataFolder);
}

/** The key of the administrator that the first start made, if its file is still there. */
export function readFirstKey(config: Config): Promise<string | null> {
  return readFile(join(config.dataFolder, 'first-key'), 'utf8').then(
    (text) => text.trim() || null,
    () => null,
  );
}

/** PICARD_TOKEN, else the first key; that one belongs to this machine and is sent nowhere else. */
export async function tokenFor(settings: CliSettings, url: URL | null): Promise<string> {
  const { token, config } = settings;
  const here = url === null || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const found = token ?? (here ? await readFirstKey(config) : null);
  if (found) return found;
  throw new CliError(
    'NO_TOKEN',
    here
      ? `There is no API key to act with: PICARD_TOKEN is not set and ${join(config.dataFolder, 'first-key')} is gone. ` +
          'Set PICARD_TOKEN to a key that you kept.'
      : `PICARD_URL names ${url.host}, so PICARD_TOKEN must hold an API key of that server.`,
  );
}
