import type { IncomingMessage } from 'node:http';
import type { Addresses } from './addresses.ts';

/** Hosts of before the metadata look for these at the root (MCP 2025-03-26). */
const ROOT_PATH = /^\/(authorize|token|register)(?=\/|\?|$)/;
const DISCOVERY: ReadonlySet<string> = new Set([
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
]);

export function handlesPath(pathname: string): boolean {
  return (
    pathname.startsWith('/oauth/') ||
    /^\/device(\/|$)/.test(pathname) ||
    ROOT_PATH.test(pathname) ||
    DISCOVERY.has(pathname)
  );
}

/**
 * Makes the request look as if it had come to the public URL, whatever it says: the library builds every address from
 * Host and X-Forwarded-*, which anybody can send.
 */
export function pinAddress(request: IncomingMessage, { issuer, basePath }: Addresses): void {
  const { host, protocol } = new URL(issuer);
  for (const name of Object.keys(request.headers)) {
    if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete request.headers[name];
  }
  request.headers.host = host;
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
  request.url = (request.url ?? '/').replace(ROOT_PATH, '/oauth/$1');
  if (basePath) Object.assign(request, { originalUrl: `${basePath}${request.url}` });
}
