/**
 * Where an authorization code may be sent: https, http on this machine (RFC 8252 section 7.3), or a scheme that a
 * program of the person's own has registered (section 7.1). Any other scheme may run code or leak the code.
 */
export type RedirectKind = 'https' | 'loopback' | 'private-use';

/** Private-use schemes without a dot, against the RFC, of hosts that are in use. */
const HOST_SCHEMES: ReadonlySet<string> = new Set([
  'claude:',
  'cursor:',
  'vscode:',
  'vscode-insiders:',
  'windsurf:',
  'zed:',
]);
const REVERSED_DOMAIN = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+:$/;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Null for an address that no code may be sent to. */
export function redirectKind(address: string): RedirectKind | null {
  const url = URL.parse(address);
  if (!url || url.username !== '' || url.password !== '' || address.includes('#')) return null;
  if (/[\s\\]/.test(address)) return null;
  if (url.protocol === 'https:') return 'https';
  if (url.protocol === 'http:') return LOOPBACK.has(url.hostname) ? 'loopback' : null;
  return HOST_SCHEMES.has(url.protocol) || REVERSED_DOMAIN.test(url.protocol) ? 'private-use' : null;
}
