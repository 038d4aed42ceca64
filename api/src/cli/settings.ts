import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, type Config } from '../config.ts';
import { loadEnvironment } from '../environment.ts';
import { findServer, type RunningServer } from '../running-server.ts';
import { CliError } from './cli-error.ts';

/** What the command line reads beside the settings of `config.ts`. `.env.example` lists these too. */
export const CLI_SETTINGS = ['PICARD_URL', 'PICARD_TOKEN'] as const;

export interface CliSettings {
  config: Config;
  /** A server to ask instead of the one of the data folder. */
  url: URL | null;
  /** PICARD_TOKEN: the API key to act with. */
  token: string | null;
}

/** @param given a server by `--url`, which goes before PICARD_URL. */
export function readSettings(given?: string): CliSettings {
  const env = loadEnvironment();
  const { PICARD_URL, PICARD_TOKEN: token } = env;
  const url = given ?? PICARD_URL;
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    const name = given === undefined ? 'PICARD_URL' : '--url';
    throw new CliError('INVALID_CONFIG', `${name} must be an address such as http://localhost:8001.`);
  }
  return { config: readConfig(env), url: url ? new URL(url) : null, token: token?.trim() || null };
}

/** PICARD_URL, else where the server of this data folder answers; null when none does. */
export async function serverOf({ config, url }: CliSettings): Promise<RunningServer | null> {
  return url ? { url, publicUrl: url } : findServer(config.dataFolder);
}

/** The key of the administrator that the first start made, if its file is still there. */
export function readFirstKey(config: Config): Promise<string | null> {
  return readFile(join(config.dataFolder, 'first-key'), 'utf8').then(
    (text) => text.trim() || null,
    () => null,
  );
}
