import { expect, test } from 'vitest';
import { isThisMachine, nameOf, requireSecure, serverName } from './server-name.ts';

test.each([
  ['http://127.0.0.1:8001/graphql', 'http://localhost:8001'],
  ['http://[::1]:8001', 'http://localhost:8001'],
  ['http://localhost:8001', 'http://localhost:8001'],
  ['https://localhost', 'https://localhost'],
  ['https://memories.example.org/x?y', 'https://memories.example.org'],
  ['https://127.0.0.1.example.org', 'https://127.0.0.1.example.org'],
  ['https://localhost.example.org:8443', 'https://localhost.example.org:8443'],
])('the server at %s is called %s', (url, name) => {
  expect(nameOf(new URL(url))).toBe(name);
});

test('a server goes by its public address', () => {
  expect(serverName({ publicUrl: new URL('https://memories.example.org') })).toBe(
    'https://memories.example.org',
  );
  expect(serverName({ publicUrl: new URL('http://127.0.0.1:8001') })).toBe('http://localhost:8001');
});

test('http is for this machine alone', () => {
  for (const url of ['http://localhost:1', 'http://127.0.0.2', 'http://[::1]:8001', 'https://example.org'])
    expect(() => requireSecure(new URL(url))).not.toThrow();
  for (const url of [
    'http://example.org',
    'http://192.168.1.5:8001',
    'http://localhost.example.org',
    'http://127.0.0.1.example.org',
    'http://0.0.0.0:8001',
    'ftp://localhost',
  ])
    expect(() => requireSecure(new URL(url)), url).toThrow(
      expect.objectContaining({ code: 'INSECURE_ADDRESS' }),
    );
  expect(isThisMachine(new URL('http://2130706433'))).toBe(true);
});
