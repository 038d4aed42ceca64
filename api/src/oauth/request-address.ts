import type { IncomingMessage } from 'node:http';
import type { Addresses } from './addresses.ts';
import { isRoute } from './routes.ts';

/** Hosts of before the metadata look for these at the root (MCP 2025-03-26). */
const ROOT_PATH = /^\/(authorize|token|register)(?=\/|\?|$)/;
/** As people type it. */
const DEVICE_PAGE = /^\/device\/(?=\?|$)/;

const canonical = (url: string): string =>
  url.replace(ROOT_PATH, '/oauth/$1').replace(DEVICE_PAGE, '/device');

export const handlesPath = (pathname: string): boolean => isRoute(canonical(pathname));

/**
 * Makes the request look as if it had come to the public URL, whatever it says: the library builds every address from
 * Host and X-Forwarded-*, which anybody can send.
 */
export function pinAddress(request: IncomingMessage, { issuer }: Pick<Addresses, 'issuer'>): void {
  const { host, protocol } = new URL(issuer);
  for (const name of Object.keys(request.headers)) {
    if (name === 'forwarded' || /^x-forwarded-(?!for$)/.test(name)) delete request.headers[name];
  }
  request.headers.host = host;
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  request.url = canonical(request.url ?? '/');
}
