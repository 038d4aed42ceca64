import type { IncomingMessage } from 'node:http';
import {
  localhostAllowedHostnames,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';

/**
 * Refuses what a page on another site makes a browser send (DNS rebinding): a Host or Origin that is not ours.
 * @param allowedHosts host names, without port, beside the public URL's and the loopback ones
 * @returns why the request is refused, or undefined
 */
export function createOriginCheck(publicUrl: URL, allowedHosts: readonly string[]) {
  const hosts = [...new Set([publicUrl.hostname, ...localhostAllowedHostnames(), ...allowedHosts])];
  return (req: IncomingMessage): string | undefined => {
    if (!validateHostHeader(req.headers.host, hosts).ok)
      return 'The Host header names no host of this service.';
    if (!validateOriginHeader(req.headers.origin, hosts).ok)
      return 'The Origin header names no site of this service.';
    return undefined;
  };
}
