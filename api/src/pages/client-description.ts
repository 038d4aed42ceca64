/** Where an answer goes when somebody allows what an app asks. */
export type Destination =
  | { kind: 'web'; host: string }
  | { kind: 'this device'; host: string }
  /** An app that the system opens by a scheme of its own (RFC 8252, section 7.1). */
  | { kind: 'app'; scheme: string }
  /** A device of the device flow, which asks for the answer itself (RFC 8628). */
  | { kind: 'code' };

/** An app as a page tells of it. */
export interface ClientDescription {
  name: string;
  /** The web host whose document describes the client, if it is known by one. */
  documentHost: string | null;
  destination: Destination;
  /** Nobody of this server has looked at it: its name is what it says. */
  selfDeclared: boolean;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @param redirectUri null in the device flow. */
export function describeClient(
  client: { clientId: string; clientName?: string | undefined },
  redirectUri: string | null,
  selfDeclared: boolean,
): ClientDescription {
  const documentHost = hostOfDocument(client.clientId);
  return {
    name: plainName(client.clientName) || documentHost || 'An app without a name',
    documentHost,
    destination: redirectUri === null ? { kind: 'code' } : destinationOf(redirectUri),
    selfDeclared,
  };
}

export function destinationOf(redirectUri: string): Destination {
  const url = new URL(redirectUri);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { kind: 'app', scheme: url.protocol.slice(0, -1) };
  return { kind: LOOPBACK.test(url.hostname) ? 'this device' : 'web', host: url.host };
}

/** OAuth Client ID Metadata Document: the id is the address of a document, so its host at least is known. */
function hostOfDocument(clientId: string): string | null {
  const url = /^https:\/\//.test(clientId) ? URL.parse(clientId) : null;
  return url?.host ?? null;
}

const MAX_NAME = 60;

/** Without signs that nobody sees or that turn the text around them, and not so long that it hides the rest. */
function plainName(name: string | undefined): string {
  const plain = (name ?? '')
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const signs = [...plain];
  return signs.length > MAX_NAME ? `${signs.slice(0, MAX_NAME - 1).join('')}…` : plain;
}
