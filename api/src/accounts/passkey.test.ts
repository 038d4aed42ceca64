import { expect, it } from 'vitest';
import { hasPasskeys } from './passkey.ts';

it.each([
  ['https://memories.example', true],
  ['https://memories.example:8443', true],
  ['http://localhost:8100', true],
  ['http://picard.localhost', true],
  ['http://memories.example', false],
  ['http://notlocalhost', false],
  ['https://192.0.2.7', false],
  ['http://127.0.0.1:8100', false],
  ['https://[2001:db8::1]', false],
])('browsers have passkeys at %s: %s', (origin, has) => expect(hasPasskeys(origin)).toBe(has));
