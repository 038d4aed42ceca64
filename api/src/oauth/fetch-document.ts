import { lookup as lookupByDns, type LookupAddress } from 'node:dns';
import { request } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

/** What the library calls to fetch a client's document or keys. */
export type FetchDocument = (url: string | URL, options: RequestInit) => Promise<Response>;

export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
  readonly code = 'DOCUMENT_REFUSED';
}

export const MAX_DOCUMENT_BYTES = 5 * 1024;
const PATIENCE_MS = 2_500;

/** Special-purpose addresses (IANA registries, RFC 6890), and those that lead to such within IPv6. */
const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, bits, 'ipv4');

/** The whole of IPv6 but global unicast, and what of that is not for hosts. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, bits, 'ipv6');

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** An address that a client may have its document at: https on 443, by name. */
export function isDocumentAddress(address: string): boolean {
  const url = URL.parse(address);
  if (!url || url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    return false;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return isIP(host) === 0 && host.includes('.') && !/\.(localhost|local|internal|home\.arpa)$/.test(host);
}

type Resolve = (host: string, answer: (error: Error | null, addresses: LookupAddress[]) => void) => void;

const resolveByDns: Resolve = (host, answer) => lookupByDns(host, { all: true, verbatim: true }, answer);

/**
 * Fetches a document of at most 5 KB from a public host in 2.5 s, following no redirect. The connection goes to the very
 * addresses that were checked, so a name that changes its address between two questions gains nothing.
 */
export function createFetchDocument(resolve: Resolve = resolveByDns): FetchDocument {
  const lookup: LookupFunction = (host, options, answer) => {
    resolve(host, (error, addresses) => {
      if (error) return answer(error, '');
      if (addresses.length === 0 || addresses.some(({ address }) => !isPublicAddress(address)))
        return answer(new DocumentRefused('The name leads to an address that is not public'), '');
      const [first] = addresses;
      if (options.all === true) answer(null, addresses);
      else answer(null, first?.address ?? '', first?.family ?? 4);
    });
  };
  return async (url, options) => {
    if (!isDocumentAddress(String(url)))
      throw new DocumentRefused('Only https on port 443, by name, is fetched');
    return get(new URL(url), lookup, options);
  };
}

function get(url: URL, lookup: LookupFunction, { headers, signal }: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      lookup,
      agent: false,
      headers: Object.fromEntries(new Headers(headers)),
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal ? [signal] : [])]),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_DOCUMENT_BYTES) outgoing.destroy(new DocumentRefused('The document is too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { statusCode = 502 } = incoming;
        const answered = new Headers();
        for (const name of ['content-type', 'cache-control', 'expires']) {
          const value = incoming.headers[name];
          if (typeof value === 'string') answered.set(name, value);
        }
        const body = [204, 205, 304].includes(statusCode) ? null : Buffer.concat(chunks);
        resolve(new Response(body, { status: Math.max(statusCode, 200), headers: answered }));
      });
    });
    outgoing.end();
  });
}
