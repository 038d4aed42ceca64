import { CliError } from '../cli-error.ts';
import { printable } from '../printable.ts';
import { readSettings, serverOf, type CliSettings } from '../settings.ts';
import { AuthorizationServer, clientName } from './authorization-server.ts';
import { changeLogins } from './change-logins.ts';
import { loginsFile, readLogins, type Logins } from './logins-file.ts';
import { OauthRefusal } from './oauth-failures.ts';
import { serverName } from './server-name.ts';

/** Ends the login at a server, there and here; when the server is away, here. */
export async function logout({ url: given }: { url?: string }): Promise<void> {
  const file = loginsFile();
  const name = await serverToLeave(readSettings(given), await readLogins(file));
  const told = await changeLogins(file, async ({ servers }, save) => {
    const server = servers[name];
    if (!server?.login) throw nobody(name);
    const { account, refreshToken } = server.login;
    const revoked = await revoke(new URL(server.issuer), name, server.clientId, refreshToken);
    server.login = null;
    await save();
    return { handle: printable(account.handle), revoked };
  });
  process.stdout.write(
    told.revoked
      ? `Logged out at ${name}: the login of ${told.handle} has ended.\n`
      : `The login of ${told.handle} at ${name} was removed from this machine, but the server did not answer and may ` +
          `still hold it. Disconnect “${clientName()}” in the connected apps of the account to end it there.\n`,
  );
}

/** PICARD_URL or `--url`, else the server that runs, else the one there is a login for. */
async function serverToLeave(settings: CliSettings, { servers }: Logins): Promise<string> {
  const server = await serverOf(settings);
  if (server) return serverName(server);
  const [only, ...others] = Object.entries(servers).filter(([, { login }]) => login !== null);
  if (!only) throw nobody('any server');
  if (others.length === 0) return only[0];
  const names = [only, ...others].map(([name]) => `picard logout --url ${name}`);
  throw new CliError(
    'USAGE',
    `There are several logins, and no server runs here. Say which:\n  ${names.join('\n  ')}`,
  );
}

async function revoke(issuer: URL, name: string, clientId: string, refreshToken: string): Promise<boolean> {
  try {
    const server = await AuthorizationServer.connect(issuer, name, clientId);
    await server.revoke(refreshToken);
    return true;
  } catch (error) {
    // A server that no longer knows this client has nothing of it left to end.
    if (error instanceof OauthRefusal) return error.error === 'invalid_client';
    if (error instanceof CliError) return false;
    throw error;
  }
}

function nobody(where: string): CliError {
  return new CliError('NOT_LOGGED_IN', `Nobody is logged in at ${where} with this user of the machine.`);
}
