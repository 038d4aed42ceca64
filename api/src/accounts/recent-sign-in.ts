import { ReauthenticationRequired } from './sign-in-errors.ts';
import type { Viewer } from './viewer.ts';

const MAX_AGE_SECONDS = 600;

/** Before what a stolen credential must not be able to do. @throws {ReauthenticationRequired} */
export function requireRecentSignIn(viewer: Viewer): void {
  if (!hasRecentSignIn(viewer)) throw new ReauthenticationRequired(MAX_AGE_SECONDS);
}

export function hasRecentSignIn({ authenticatedAt }: Viewer): boolean {
  return authenticatedAt !== null && Date.now() - authenticatedAt.getTime() <= MAX_AGE_SECONDS * 1_000;
}
