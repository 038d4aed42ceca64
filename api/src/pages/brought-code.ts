import type { IncomingMessage } from 'node:http';
import type { Client, Provider } from 'oidc-provider';

/** Codes that stood in the address of the page, as in `verification_uri_complete` (RFC 8628 section 3.3.1). */
const brought = new WeakMap<IncomingMessage, string>();

/** Takes the code out of the address: the library would answer with a page that only a script can leave. */
export function bringUserCode(request: IncomingMessage, code: string): void {
  brought.set(request, code);
  request.url = '/device';
}

export const broughtUserCode = (request: IncomingMessage): string | undefined => brought.get(request);

/** The app that waits with a code; or the name that the library has for what is wrong with the code. */
export async function findDevice(
  provider: Provider,
  userCode: string,
): Promise<{ client: Client; userCode: string } | string> {
  const plain = userCode.toUpperCase().replaceAll(/[^A-Z\d]/g, '');
  const code = await provider.DeviceCode.findByUserCode(plain, { ignoreExpiration: true });
  const client = code?.clientId === undefined ? undefined : await provider.Client.find(code.clientId);
  if (!code || !client) return 'NotFoundError';
  if (code.isExpired) return 'ExpiredError';
  if (code.error || code.accountId || code.inFlight) return 'AlreadyUsedError';
  return { client, userCode: plain.replaceAll(/(.{4})(?=.)/g, '$1-') };
}
