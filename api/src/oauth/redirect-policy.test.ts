import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redirectKind } from './redirect-policy.ts';

describe('where a code may be sent', () => {
  test.each([
    ['https://app.example/cb', 'https'],
    ['http://localhost:3000/cb', 'loopback'],
    ['http://127.0.0.1/cb', 'loopback'],
    ['http://[::1]:8080/cb', 'loopback'],
    ['cursor://x/cb', 'private-use'],
    ['vscode://x.y/cb', 'private-use'],
    ['com.example.app:/cb', 'private-use'],
  ])('%s is %s', (address, kind) => expect(redirectKind(address)).toBe(kind));

  test.each([
    'http://app.example/cb',
    'http://localhost.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'https://a@app.example/cb',
    'https://app.example/cb#',
    'https://app.example\\@evil.example',
    'https://app.example/c b',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///x',
    'blob:https://app.example/x',
    'about:blank',
    'intent://x',
    'ws://app.example',
    'mailto:x@app.example',
    '',
    '/cb',
  ])('%s is not', (address) => expect(redirectKind(address)).toBeNull());

  test('plain http leads to this machine and nowhere else, however it is written', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ validSchemes: ['http'], withFragments: false, withQueryParameters: true }),
        (address) => {
          const { hostname } = new URL(address);
          expect(redirectKind(address) === 'loopback').toBe(
            ['localhost', '127.0.0.1', '[::1]'].includes(hostname),
          );
        },
      ),
    );
  });
});
