import { join } from 'node:path';
import type { RunningServer } from '../running-server.ts';
import { CliError } from './cli-error.ts';
import { LoginCredential } from './login/login-credential.ts';
import { loginsFile, readLogins } from './login/logins-file.ts';
import { isThisMachine, serverName } from './login/server-name.ts';
import { readFirstKey, type CliSettings } from './settings.ts';

/** What a command acts with: the same key for all that it asks, or a login whose tokens change. */
export type Credential = KeyCredential | LoginCredential;

export interface KeyCredential {
  readonly kind: 'PICARD_TOKEN' | 'first-key' | 'access-token';
  token(): Promise<string>;
}

export interface CredentialOptions {
  /** For what only an administrator may do, which no login may. */
  administrator?: boolean;
}

export function keyCredential(kind: KeyCredential['kind'], key: string): KeyCredential {
  return { kind, token: async () => key };
}

/** PICARD_TOKEN, else a login at this server, else the first key; that one belongs to this machine and is sent nowhere else. */
export async function credentialFor(
  settings: CliSettings,
  server: RunningServer | null,
  { administrator = false }: CredentialOptions = {},
): Promise<Credential> {
  const { token, config } = settings;
  if (token) return keyCredential('PICARD_TOKEN', token);
  const login = server && !administrator ? await findLogin(server) : null;
  if (login) return login;
  const firstKey = server === null || isThisMachine(server.url) ? await readFirstKey(config) : null;
  if (firstKey) return keyCredential('first-key', firstKey);
  throw new CliError('NO_TOKEN', await whatIsMissing(settings, server?.url ?? null, administrator));
}

async function findLogin(server: RunningServer): Promise<LoginCredential | null> {
  const file = loginsFile();
  const name = serverName(server);
  const login = (await readLogins(file)).servers[name]?.login;
  return login ? new LoginCredential(file, name, login) : null;
}

async function whatIsMissing(
  { config }: CliSettings,
  url: URL | null,
  administrator: boolean,
): Promise<string> {
  const gone = `PICARD_TOKEN is not set and ${join(config.dataFolder, 'first-key')} is gone`;
  if (url === null) {
    const { servers } = await readLogins(loginsFile());
    const loggedIn = Object.values(servers).some(({ login }) => login !== null);
    return loggedIn && !administrator
      ? `There is nothing to act with: ${gone}, and a login is of use only while its server runs. ` +
          'Start the server, or set PICARD_TOKEN to a key that you kept.'
      : `There is no API key to act with: ${gone}. Set PICARD_TOKEN to a key that you kept.`;
  }
  if (administrator) return 'This needs an administrator’s API key: set PICARD_TOKEN to one.';
  return isThisMachine(url)
    ? `There is nothing to act with: ${gone}, and nobody is logged in. Run \`picard login\`, or set PICARD_TOKEN to a key that you kept.`
    : `PICARD_URL names ${url.host}, and nobody is logged in there. Run \`picard login\`, or set PICARD_TOKEN to an API key of that server.`;
}
