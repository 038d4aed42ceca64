import type { AuthInfo } from '@modelcontextprotocol/server';

type StillValid = () => Promise<boolean>;

/** Puts beside a verified request how to verify its token again: a stream outlives the request that opened it. */
export function withStillValid(auth: AuthInfo, stillValid: StillValid): AuthInfo {
  return { ...auth, extra: { ...auth.extra, stillValid } };
}

/** Asks whether the token of a request is still good; one that cannot be asked about is not. */
export function stillValidOf(auth: AuthInfo | undefined): StillValid {
  const stillValid = auth?.extra?.['stillValid'];
  return async () => typeof stillValid === 'function' && (await (stillValid as StillValid)());
}
