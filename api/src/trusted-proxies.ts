import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  // RFC 1918 and RFC 4193.
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A setting that lists proxies: addresses, networks (10.0.0.0/8) or the names above, separated by commas. */
export const trustedProxies = z.string().transform((text, context): readonly string[] => {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const networks = entries.flatMap((entry) =>
    Object.hasOwn(NAMED, entry) ? (NAMED[entry] ?? []) : [networkIn(entry) ?? wrong(entry)],
  );
  return networks;

  function wrong(entry: string): never {
    context.addIssue({
      code: 'custom',
      message: `must be addresses, networks such as 10.0.0.0/8, loopback or private, separated by commas; ${entry} is none`,
    });
    return z.NEVER;
  }
});

/** With a length of 0 everybody would be a proxy, and could say to be anybody. */
function networkIn(entry: string): string | null {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const bits = isIP(address) === 6 ? 128 : isIP(address) === 4 ? 32 : 0;
  const given = length === undefined ? bits : Number(length);
  return given > 0 && given <= bits && !address.includes('%') ? `${address}/${given}` : null;
}

/** From where a request was sent, as far as it can be known: the key of a limit, and nothing that gives a right. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/** @param networks as `trustedProxies` reads them. Without any, what a request says of its way here is passed over. */
export function createAddressOf(networks: readonly string[]): AddressOf {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    trusted.addSubnet(address, Number(length), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return ({ headers, socket }) =>
    senderOf(trusted, socket.remoteAddress ?? '', String(headers['x-forwarded-for'] ?? ''));
}

/**
 * Follows `X-Forwarded-For` back, from the proxy that is connected to us: what a trusted one wrote is believed, and the
 * first that is not trusted is the sender. All further to the left may be of the sender's own making.
 */
function senderOf(trusted: BlockList, peer: string, forwardedFor: string): string {
  let sender = withoutZone(peer);
  for (const hop of forwardedFor.split(',').reverse()) {
    const family = isIP(sender);
    if (family === 0 || !trusted.check(sender, family === 6 ? 'ipv6' : 'ipv4')) return sender;
    const before = addressIn(hop.trim());
    if (before === null) return sender;
    sender = before;
  }
  return sender;
}

/** Some proxies add the port. */
function addressIn(hop: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(hop) ?? [];
  const address = withoutZone(bracketed ?? dotted ?? hop);
  return isIP(address) === 0 ? null : address;
}

const withoutZone = (address: string): string => address.replace(/%.*$/s, '');
