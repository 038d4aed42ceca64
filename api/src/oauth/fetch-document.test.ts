import { describe, expect, test } from 'vitest';
import { createFetchDocument, isDocumentAddress, isPublicAddress } from './fetch-document.ts';

describe('an address of a document', () => {
  const refused = [
    'http://app.example/client.json',
    'https://app.example:8443/client.json',
    'https://user@app.example/client.json',
    'https://127.0.0.1/c.json',
    'https://2130706433/c.json',
    'https://0x7f.1/c.json',
    'https://017700000001/c.json',
    'https://[::1]/c.json',
    'https://[::ffff:127.0.0.1]/c.json',
    'https://0.0.0.0/c',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/x',
    'https://localhost/c.json',
    'https://printer/c.json',
    'https://metadata.google.internal/c.json',
    'https://nas.local/c.json',
    'https://app.localhost/c.json',
    'https://app.localhost./c.json',
    'ftp://app.example/c.json',
    'file:///etc/passwd',
    'nonsense',
  ];
  test.each(refused)('%s is refused', (address) => expect(isDocumentAddress(address)).toBe(false));

  test.each(['https://app.example/client.json', 'https://APP.example:443/c?x=1'])('%s is taken', (address) =>
    expect(isDocumentAddress(address)).toBe(true),
  );
});

describe('an address on the net', () => {
  const notPublic = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'not an address',
  ];
  test.each(notPublic)('%s is not for everybody', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('a name', () => {
  test.each([
    ['127.0.0.1', 4],
    ['10.0.0.1', 4],
    ['::1', 6],
    ['fd00::1', 6],
  ])('that leads to %s is not connected to', async (address, family) => {
    const fetchDocument = createFetchDocument((_host, answer) =>
      // One good address beside it does not help.
      answer(null, [
        { address: '8.8.8.8', family: 4 },
        { address, family },
      ]),
    );
    await expect(fetchDocument('https://rebind.example/c.json', {})).rejects.toThrow('not public');
  });

  test('that is not known is an error', async () => {
    const fetchDocument = createFetchDocument((_host, answer) => answer(new Error('ENOTFOUND'), []));
    await expect(fetchDocument('https://nowhere.example/c.json', {})).rejects.toThrow('ENOTFOUND');
  });
});

test('a request is ended by its signal', async () => {
  const fetchDocument = createFetchDocument(() => undefined);
  const options = { signal: AbortSignal.timeout(20) };
  await expect(fetchDocument('https://slow.example/c.json', options)).rejects.toThrow();
});
