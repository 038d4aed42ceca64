import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAddressOf, trustedProxies } from './trusted-proxies.ts';

const sender = (setting: string, peer: string | undefined, forwardedFor?: string): string => {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  const request = { headers, socket: { remoteAddress: peer } } as Parameters<
    ReturnType<typeof createAddressOf>
  >[0];
  return createAddressOf(trustedProxies.parse(setting))(request);
};

test.each([
  ['', '127.0.0.1', '203.0.113.7', '127.0.0.1'],
  ['loopback', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['loopback', '::1', '2001:db8::7', '2001:db8::7'],
  ['loopback', '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['loopback', '203.0.113.9', '203.0.113.7', '203.0.113.9'],
  ['loopback', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['loopback, private', '127.0.0.1', '203.0.113.7, 10.1.2.3', '203.0.113.7'],
  ['loopback,private', 'fe80::1%eth0', '203.0.113.7', 'fe80::1'],
  ['private', 'fd00::5', '203.0.113.7', '203.0.113.7'],
  ['192.0.2.0/24', '192.0.2.200', '203.0.113.7', '203.0.113.7'],
  ['192.0.2.1', '192.0.2.2', '203.0.113.7', '192.0.2.2'],
  ['2001:db8:1::/48', '2001:db8:1::9', '203.0.113.7', '203.0.113.7'],
  ['loopback', '127.0.0.1', undefined, '127.0.0.1'],
  ['loopback', '127.0.0.1', '', '127.0.0.1'],
  ['loopback', '127.0.0.1', '203.0.113.7, unknown', '127.0.0.1'],
  ['loopback', '127.0.0.1', '203.0.113.7:4711', '203.0.113.7'],
  ['loopback', '127.0.0.1', '[2001:db8::7]:4711', '2001:db8::7'],
  ['loopback', '127.0.0.1', '[2001:db8::7]', '2001:db8::7'],
  ['private', '10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
  ['loopback', undefined, '203.0.113.7', ''],
])('with “%s” trusted, %s with %s is %s', (setting, peer, forwardedFor, address) => {
  expect(sender(setting, peer, forwardedFor)).toBe(address);
});

test.each(['everybody', '10.0.0.0/33', '10.0.0.0/0', '::/0', '10.0.0/8', 'loopback;private', '10.0.0.1/'])(
  'the setting %s is refused',
  (setting) => {
    const { error } = trustedProxies.safeParse(setting);
    expect(error?.issues[0]?.message).toContain(`${setting} is none`);
  },
);

const proxy = fc.constantFrom('127.0.0.1', '::1', '10.3.4.5', '192.168.1.1', 'fd12::1', '::ffff:10.0.0.9');
const outside = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .filter((address) => sender('loopback,private', '127.0.0.1', `0.0.0.0,${address}`) === address);
const said = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  proxy,
  fc.string(),
  fc.constantFrom('unknown', '_hidden', '', '127.0.0.1'),
);

test('whatever a sender says of itself, its address is the one that the first trusted proxy saw', () => {
  fc.assert(
    fc.property(fc.array(said), outside, fc.array(proxy), proxy, (spoofed, real, between, last) => {
      const header = [...spoofed, real, ...between].join(', ');
      expect(sender('loopback,private', last, header)).toBe(real);
      expect(sender('', last, header)).toBe(last);
      expect(sender('loopback,private', real, spoofed.join(','))).toBe(real);
    }),
  );
});
