import { addressBlock } from './address-block.ts';
import type { SignIn } from './sign-in.ts';
import type { Limit } from './throttle.ts';

/** Whoever asks, as far as a limit needs to know. */
export interface From {
  /** IPv4 or IPv6. */
  address: string;
}

const QUARTER = 900;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * Failures of one address at one account are few; of one address at all accounts more, since many may share it. All
 * failures at one account are limited last and loosely, and never for an address from which its owner has signed in:
 * others must not be able to lock them out. Passkeys and recovery codes are other ways in, with limits of their own.
 */
export const LIMITS = {
  'password-here': { points: 10, seconds: QUARTER },
  'password-address': { points: 100, seconds: QUARTER },
  'password-account': { points: 200, seconds: HOUR },
  'recovery-here': { points: 5, seconds: QUARTER },
  'recovery-address': { points: 30, seconds: QUARTER },
  'recovery-account': { points: 100, seconds: HOUR },
  /** No limit but a mark: this account was signed in to from this address. */
  familiar: { points: 1, seconds: 30 * DAY },
  /** Failures that the audit log of one account tells of. */
  'failures-told': { points: 20, seconds: HOUR },
  passkey: { points: 100, seconds: QUARTER },
  'passkey-challenge': { points: 300, seconds: QUARTER },
  register: { points: 30, seconds: HOUR },
  link: { points: 30, seconds: QUARTER },
  /** The present password, asked again of somebody who is signed in. */
  reauthentication: { points: 10, seconds: QUARTER },
} as const satisfies Record<string, Limit>;

export type AccountLimit = keyof typeof LIMITS;

/**
 * Runs one attempt to sign in. Points are taken before it, so that attempts at the same time count too, and given back
 * when it succeeds: only failures are limited.
 * @throws {TooManyAttempts} before anything was tried.
 */
export async function limited<Answer>(
  { throttle }: SignIn,
  means: 'password' | 'recovery',
  handle: string,
  from: From,
  attempt: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const address = addressBlock(from.address);
  const here = `${handle} ${address}`;
  await throttle.take(`${means}-address`, address);
  await throttle.take(`${means}-here`, here);
  const familiar = await throttle.marked('familiar', here);
  if (!familiar) await throttle.take(`${means}-account`, handle);
  const answer = await attempt();
  if (answer === null) return null;
  await throttle.giveBack(`${means}-address`, address);
  await throttle.forget(`${means}-here`, here);
  if (!familiar) await throttle.giveBack(`${means}-account`, handle);
  await throttle.mark('familiar', here);
  return answer;
}

/** As `limited`, for what nobody can be told apart by but their address. */
export async function limitedByAddress<Answer>(
  { throttle }: SignIn,
  limit: 'passkey' | 'link',
  from: From,
  attempt: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const address = addressBlock(from.address);
  await throttle.take(limit, address);
  const answer = await attempt();
  if (answer !== null) await throttle.giveBack(limit, address);
  return answer;
}
