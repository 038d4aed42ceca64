import * as argon2 from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { createPasswords, isOutdated, PARAMETERS, type Engine } from './password-hash.ts';
import { TooManyAttempts } from './sign-in-errors.ts';

describe('P40 hashes of passwords', () => {
  const passwords = createPasswords();

  test('P40 are argon2id as OWASP has it, each with a salt of its own', async () => {
    const [one, other] = await Promise.all([passwords.hash('open sesame'), passwords.hash('open sesame')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(isOutdated(one)).toBe(false);
  });

  test('P40 fit the password, in whichever form it is typed, and no other', async () => {
    const hash = await passwords.hash('caf\u00e9 au lait');
    expect(await passwords.verify(hash, 'cafe\u0301 au lait')).toBe(true);
    expect(await passwords.verify(hash, 'cafe au lait')).toBe(false);
    expect(await passwords.verify(hash, '')).toBe(false);
    expect(await passwords.verify(null, 'caf\u00e9 au lait')).toBe(false);
    expect(await passwords.verify(hash, 'x'.repeat(1_000_000))).toBe(false);
  });

  test('P40 are outdated once they were made with other parameters', async () => {
    for (const other of [{ timeCost: 1 }, { memoryCost: 8_192 }, { parallelism: 2 }, { algorithm: 1 }])
      expect(isOutdated(await argon2.hash('open sesame', { ...PARAMETERS, ...other }))).toBe(true);
  });
});

test('P40 two hashes are made at once, a hundred wait, and the next is told to come back', async () => {
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const engine: Engine = {
    async hash() {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((open) => gates.push(open));
      running -= 1;
      return 'hash';
    },
    verify: async () => true,
  };
  const passwords = createPasswords(engine);
  const all = Array.from({ length: 102 }, () => passwords.hash('x'));
  await expect(passwords.hash('x')).rejects.toBeInstanceOf(TooManyAttempts);
  for (let done = 0; done < 102; done += 1) {
    await expect.poll(() => gates.length).toBeGreaterThan(0);
    gates.shift()?.();
  }
  expect(await Promise.all(all)).toHaveLength(102);
  expect(most).toBe(2);
  expect(await passwords.verify('hash', 'x')).toBe(true);
});

test('P40 a hash that fails leaves its place to the next', async () => {
  const failing: Engine = { hash: async () => Promise.reject(new Error('broken')), verify: async () => true };
  const passwords = createPasswords(failing);
  for (let round = 0; round < 5; round += 1) await expect(passwords.hash('x')).rejects.toThrow('broken');
  expect(await passwords.verify('hash', 'x')).toBe(true);
});
