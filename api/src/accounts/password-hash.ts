import * as argon2 from '@node-rs/argon2';
import { MAX_LENGTH, normalised } from './password.ts';
import { TooManyAttempts } from './sign-in-errors.ts';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB and two passes. A password is hashed anew when these change. */
export const PARAMETERS = {
  algorithm: 2 satisfies argon2.Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;

/** Each takes 19 MiB and a core for some 20 ms. */
const AT_ONCE = 2;
const WAITING = 100;

export type Engine = Pick<typeof argon2, 'hash' | 'verify'>;

export interface Passwords {
  /** @throws {TooManyAttempts} when too many wait already; so does `verify`. */
  hash(password: string): Promise<string>;
  /** Without a hash to compare with it does the same work, and answers no. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

export function createPasswords(engine: Engine = argon2): Passwords {
  const turn = takingTurns(AT_ONCE, WAITING);
  return {
    hash: (password) => turn(() => engine.hash(password, PARAMETERS)),
    verify: (hash, password) => {
      const typed = normalised(password);
      // A hash takes the longer the longer the text.
      const known = [...typed].length <= MAX_LENGTH ? hash : null;
      return turn(async () => {
        if (known !== null) return engine.verify(known, typed);
        await engine.hash(typed.slice(0, MAX_LENGTH), PARAMETERS);
        return false;
      });
    },
  };
}

export function isOutdated(hash: string): boolean {
  const made = argon2.parseOptions(hash);
  return Object.entries(PARAMETERS).some(([name, value]) => Reflect.get(made, name) !== value);
}

/** Runs so many at once, in order; more than so many waiting are refused. */
function takingTurns(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnce) running += 1;
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve));
    else throw new TooManyAttempts(5, 'Too many people sign in just now');
    try {
      return await work();
    } finally {
      const next = queue.shift();
      // The place is handed on, not freed: nobody who comes meanwhile may take it.
      if (next) next();
      else running -= 1;
    }
  };
}
