import { stat } from 'node:fs/promises';
import { CliError } from '../cli-error.ts';
import { openDoorTo } from '../door.ts';
import { describeAccess } from '../login/describe-access.ts';
import { LoginCredential } from '../login/login-credential.ts';
import { loginsFile, readLogins, type Login } from '../login/logins-file.ts';
import { printable } from '../printable.ts';
import { RequestFailed } from '../request-failed.ts';
import { mend, note, ok, type Finding } from './finding.ts';

/** Each login of this user, and whether it still works; nothing where there is none. Those that are due are renewed. */
export async function checkLogins(): Promise<Finding[]> {
  const file = loginsFile();
  const findings = await checkMode(file);
  try {
    const { servers } = await readLogins(file);
    const loggedIn = Object.entries(servers).flatMap(([name, { login }]) => (login ? [{ name, login }] : []));
    return [
      ...findings,
      ...(await Promise.all(loggedIn.map(({ name, login }) => checkLogin(file, name, login)))),
    ];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [...findings, mend('Logins', error.message, `Mend ${file}, or move it away and log in again.`)];
  }
}

async function checkLogin(file: string, name: string, login: Login): Promise<Finding> {
  const about =
    `${printable(login.account.handle)} at ${name}, ${describeAccess(login.scopes)}, ` +
    `renewed ${login.renewedAt.slice(0, 16).replace('T', ' ')} UTC`;
  try {
    await using _door = await openDoorTo(new URL(name), new LoginCredential(file, name, login));
    return ok('Login', `${about}: works`);
  } catch (error) {
    if (!(error instanceof CliError || error instanceof RequestFailed)) throw error;
    if (error.code === 'SERVER_UNREACHABLE')
      return note(
        'Login',
        `${about}: its server does not answer`,
        `Start the server, or picard logout --url ${name}`,
      );
    return mend(
      'Login',
      `${about}: ${error.message}`,
      `picard login --url ${name}, or picard logout --url ${name}`,
    );
  }
}

/** Windows has no such bits. */
async function checkMode(file: string): Promise<Finding[]> {
  const found = await stat(file).catch(() => null);
  if (process.platform === 'win32' || !found || (found.mode & 0o077) === 0) return [];
  return [mend('Logins', `other users of this machine can read ${file}`, `chmod 600 ${file}`)];
}
