import fc from 'fast-check';
import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { addressBlock } from './address-block.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:ffff::', '2001:db8:0:0::/64'],
  ['2001:0DB8:0000:0001::1', '2001:db8:0:1::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
  ['unix:', 'unix:'],
])('%s is limited as %s', (address, block) => {
  expect(addressBlock(address)).toBe(block);
});

test('two IPv6 addresses are limited together exactly if they are of one /64', () => {
  const ipv6 = fc.ipV6().filter((address) => !address.includes('.'));
  fc.assert(
    fc.property(ipv6, ipv6, fc.boolean(), (one, other, near) => {
      const second = near ? nearby(one, other) : other;
      const list = new BlockList();
      list.addSubnet(one, 64, 'ipv6');
      expect(addressBlock(one) === addressBlock(second)).toBe(list.check(second, 'ipv6'));
    }),
  );
});

/** The network of one, the host of the other. */
function nearby(network: string, host: string): string {
  const groups = (address: string): string[] => {
    const [before = '', after = ''] = address.split('::');
    const [head, tail] = [before, after].map((part) => (part ? part.split(':') : []));
    const missing = 8 - (head?.length ?? 0) - (tail?.length ?? 0);
    return [...(head ?? []), ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  };
  return [...groups(network).slice(0, 4), ...groups(host).slice(4)].join(':');
}
