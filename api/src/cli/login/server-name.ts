import { CliError } from '../cli-error.ts';
import type { RunningServer } from '../../running-server.ts';

/** Whether an address is of this machine: what goes there crosses no network. */
export function isThisMachine({ hostname }: URL): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** By what a login is kept: the origin of its server. One of this machine has one name, however it is reached. */
export function nameOf(url: URL): string {
  const named = new URL(url.origin);
  if (isThisMachine(url)) named.hostname = 'localhost';
  return named.origin;
}

/** The name of the server that a command asks: what it calls itself. */
export function serverName({ publicUrl }: Pick<RunningServer, 'publicUrl'>): string {
  return nameOf(publicUrl);
}

/** @throws {CliError} INSECURE_ADDRESS for an address where others could read a login on its way */
export function requireSecure(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url))) return;
  throw new CliError(
    'INSECURE_ADDRESS',
    `A login would go to ${url.origin} in clear, where others can read it. ` +
      'Use the server’s https:// address; http:// is for a server on this machine alone.',
  );
}
