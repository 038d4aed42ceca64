import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seal, unseal, Unsealable } from './encryption.ts';
import { sealText, unsealText } from './sealed-text.ts';

const key = createSecretKey(randomBytes(32));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const place = fc.record({
  ownerId: fc.uuid({ version: 4 }),
  memoryId: fc.uuid({ version: 4 }),
  contentVersion: fc.integer({ min: 1, max: 1_000_000 }),
});

test('what was sealed opens again', () => {
  fc.assert(
    fc.property(bytes, fc.string({ unit: 'binary' }), (plain, context) => {
      expect(unseal(key, seal(key, plain, context), context)).toEqual(plain);
    }),
  );
});

test('every text opens again, whatever its script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), place, (text, where) => {
      expect(unsealText(key, where, sealText(key, where, text))).toBe(text);
    }),
  );
});

test('the same text is sealed differently each time, and never holds it', () => {
  const plain = Buffer.from('a secret that is long enough to be searched for');
  const sealed = Array.from({ length: 200 }, () => seal(key, plain, 'context'));
  expect(new Set(sealed.map((each) => each.subarray(1, 13).toString('hex'))).size).toBe(sealed.length);
  for (const each of sealed) expect(each.includes(plain.subarray(0, 8))).toBe(false);
});

test('a single flipped bit is refused, wherever it is', () => {
  const sealed = seal(key, Buffer.from('forty-two'), 'context');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => unseal(key, changed, 'context'), `bit ${bit}`).toThrow(Unsealable);
  }
});

test('what was cut short or made longer is refused', () => {
  const sealed = seal(key, Buffer.from('forty-two'), 'context');
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => unseal(key, sealed.subarray(0, length), 'context'), `${length} bytes`).toThrow(Unsealable);
    expect(() => unseal(key, sealed.subarray(length + 1), 'context'), `from ${length + 1}`).toThrow(
      Unsealable,
    );
  }
  expect(() => unseal(key, Buffer.concat([sealed, Buffer.of(0)]), 'context')).toThrow(Unsealable);
});

test('another key is refused', () => {
  fc.assert(
    fc.property(bytes, (plain) => {
      expect(() => unseal(randomBytes(32), seal(key, plain, 'context'), 'context')).toThrow(Unsealable);
    }),
  );
});

test('a text in the place of another is refused: other owner, other memory, other version', () => {
  fc.assert(
    fc.property(fc.string(), place, place, (text, here, there) => {
      const sealed = sealText(key, here, text);
      const { ownerId, memoryId } = there;
      const contentVersion = here.contentVersion + there.contentVersion;
      for (const moved of [{ ownerId }, { memoryId }, { contentVersion }]) {
        expect(() => unsealText(key, { ...here, ...moved }, sealed)).toThrow(Unsealable);
      }
    }),
  );
});

test('the refusal tells nothing of what was sealed', () => {
  const sealed = seal(key, Buffer.from('pineapple'), 'owner-7');
  expect(() => unseal(key, sealed, 'owner-8')).toThrow(expect.objectContaining({ code: 'UNSEALABLE' }));
  try {
    unseal(key, sealed, 'owner-8');
  } catch (error) {
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/pineapple|owner/);
    expect(error).not.toHaveProperty('cause');
  }
});
