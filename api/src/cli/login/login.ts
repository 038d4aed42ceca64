import { CliError } from '../cli-error.ts';
import { keyCredential } from '../credential.ts';
import { openDoorTo } from '../door.ts';
import { printable } from '../printable.ts';
import { readSettings, serverOf } from '../settings.ts';
import type { AuthorizationServer, Tokens } from './authorization-server.ts';
import { changeLogins } from './change-logins.ts';
import { connectDevice } from './connect-device.ts';
import { describeAccess } from './describe-access.ts';
import { loginsFile, type Login } from './logins-file.ts';
import { requireSecure, serverName } from './server-name.ts';

export interface LoginCommand {
  url?: string;
  readOnly?: true;
}

const document = `query LoggedIn { viewer { scopes user { id handle } } }`;
interface Answer {
  viewer: { scopes: string[]; user: Login['account'] };
}

/** Has a person connect this command line to their account in a browser, anywhere, and keeps what comes of it. */
export async function login({ url: given, readOnly }: LoginCommand): Promise<void> {
  const settings = readSettings(given);
  if (settings.url) requireSecure(settings.url);
  const running = await serverOf(settings);
  if (!running) {
    throw new CliError(
      'NO_SERVER',
      `No server runs on the data folder ${settings.config.dataFolder}. Start it (\`picard start\` or \`npm start\`) ` +
        'and log in again, or name another server: picard login --url https://…',
    );
  }
  const { url } = running;
  const name = serverName(running);
  const file = loginsFile();
  const scopes = readOnly ? ['memories:read'] : ['memories:read', 'memories:write'];
  const { server, tokens } = await connectDevice({ url, name, file, scopes });
  const account = await whoIs(url, tokens).catch(async (error: unknown) => {
    await server.revoke(tokens.refreshToken).catch(() => undefined);
    throw error;
  });
  await keep(file, name, server, { ...account, ...tokens });
  const access = describeAccess(account.scopes);
  process.stdout.write(
    `Logged in at ${name} as ${printable(account.account.handle)}. Commands and \`picard mcp\` ${access}.\n` +
      `The login is kept in ${file}, which only you can read. \`picard logout\` ends it.\n` +
      (settings.token ? 'PICARD_TOKEN is set: while it is, commands act with that instead.\n' : ''),
  );
  if (given !== undefined && !(await isAskedAnyway(name)))
    process.stdout.write(`For commands to ask this server: PICARD_URL=${url.origin}\n`);
}

async function whoIs(url: URL, { accessToken }: Tokens): Promise<Pick<Login, 'account' | 'scopes'>> {
  await using door = await openDoorTo(url, keyCredential('access-token', accessToken.value));
  const { viewer } = await door.ask<Answer>(document);
  return { account: viewer.user, scopes: viewer.scopes };
}

type Made = Pick<Login, 'account' | 'scopes' | 'refreshToken' | 'accessToken'>;

/** Keeps the login, and ends the one that was there before. */
async function keep(file: string, name: string, server: AuthorizationServer, made: Made): Promise<void> {
  const { issuer, clientId } = server;
  const { account, scopes, refreshToken, accessToken } = made;
  const now = new Date().toISOString();
  const fresh = { account, scopes, refreshToken, accessToken, loggedInAt: now, renewedAt: now };
  const former = await changeLogins(file, async ({ servers }, save) => {
    const before = servers[name];
    servers[name] = { issuer, clientId, login: fresh };
    await save();
    return before?.clientId === clientId ? before.login : null;
  });
  // Whatever keeps it from that: it ends by itself when nobody uses it.
  if (former) await server.revoke(former.refreshToken).catch(() => undefined);
}

async function isAskedAnyway(name: string): Promise<boolean> {
  const usual = await serverOf(readSettings());
  return usual !== null && serverName(usual) === name;
}
