import type { DeviceAuthorizationResponse } from 'openid-client';
import { CliError } from '../cli-error.ts';
import { interrupts } from '../interrupt.ts';
import { printable } from '../printable.ts';
import { AuthorizationServer, clientName, type Tokens } from './authorization-server.ts';
import { changeLogins } from './change-logins.ts';
import { readLogins } from './logins-file.ts';
import { OauthRefusal } from './oauth-failures.ts';

export interface DeviceOptions {
  url: URL;
  /** The server's name in the file of logins. */
  name: string;
  file: string;
  scopes: readonly string[];
}

export interface Connected {
  server: AuthorizationServer;
  tokens: Tokens & { refreshToken: string };
}

interface Begun {
  server: AuthorizationServer;
  device: DeviceAuthorizationResponse;
}

/** The device authorization grant (RFC 8628), with a person at a browser. Ctrl+C and SIGTERM give it up, and end the process. */
export async function connectDevice(options: DeviceOptions): Promise<Connected> {
  const { server, device } = await begin(options);
  using interrupt = interrupts();
  process.stdout.write(instructions(device));
  const interrupted = new Promise<null>((resolve) => {
    interrupt.signal.addEventListener('abort', () => resolve(null));
  });
  const runsOut = AbortSignal.timeout(device.expires_in * 1_000);
  const approved = server.poll(device, AbortSignal.any([interrupt.signal, runsOut]));
  const tokens = await Promise.race([approved, interrupted]).catch((error: unknown) => {
    throw runsOut.aborted ? expired(error) : decided(error);
  });
  if (!tokens) giveUp();
  const { refreshToken, accessToken } = tokens;
  if (refreshToken !== undefined) return { server, tokens: { refreshToken, accessToken } };
  throw new CliError(
    'LOGIN_REFUSED',
    'The server gave no refresh token, so the login would end within the hour.',
  );
}

/** As the client that this machine registered before, if the server still knows it. */
async function begin({ url, name, file, scopes }: DeviceOptions): Promise<Begun> {
  const known = (await readLogins(file)).servers[name];
  if (known) {
    const server = await AuthorizationServer.connect(new URL(url.origin), name, known.clientId);
    try {
      return { server, device: await server.begin(scopes) };
    } catch (error) {
      if (!(error instanceof OauthRefusal) || error.error !== 'invalid_client') throw error;
    }
  }
  const server = await AuthorizationServer.register(new URL(url.origin), name);
  await changeLogins(file, async ({ servers }, save) => {
    // A login of before is nobody else's to end, however little it may be worth.
    if (servers[name]?.login) return;
    servers[name] = { issuer: server.issuer, clientId: server.clientId, login: null };
    await save();
  });
  return { server, device: await server.begin(scopes) };
}

function instructions(device: DeviceAuthorizationResponse): string {
  const { verification_uri: page, verification_uri_complete: complete, user_code: code } = device;
  const minutes = Math.floor(device.expires_in / 60);
  return (
    `Open this in a browser, on this machine or any other:\n\n  ${printable(page)}\n\n` +
    `and enter this code there:\n\n  ${printable(code)}\n\n` +
    (complete === undefined
      ? ''
      : `Or open it with the code in it, and compare:\n\n  ${printable(complete)}\n\n`) +
    `Waiting until you have allowed “${clientName()}”. The code is good for ${minutes} minutes; Ctrl+C gives it up.\n`
  );
}

function giveUp(): never {
  process.stderr.write('picard: Given up: nobody was logged in, and nothing was kept. [INTERRUPTED]\n');
  // The library waits for its next turn to ask before it looks at the signal.
  process.exit(130);
}

function decided(error: unknown): unknown {
  if (!(error instanceof OauthRefusal)) return error;
  if (error.error === 'access_denied')
    return new CliError('LOGIN_REFUSED', 'It was refused in the browser: nobody was logged in.', {
      cause: error,
    });
  return error.error === 'expired_token' || error.error === 'invalid_grant' ? expired(error) : error;
}

function expired(cause: unknown): CliError {
  const message = 'The code ran out before anybody allowed it. Run `picard login` again for another.';
  return new CliError('LOGIN_EXPIRED', message, { cause });
}
