import { InvalidInput } from '../invalid-input.ts';
import type { ApiKey } from './api-key.ts';
import { hasRecentSignIn, requireRecentSignIn } from './recent-sign-in.ts';
import type { Viewer } from './viewer.ts';

type Power = Pick<ApiKey, 'scopes' | 'faces' | 'expiresAt'>;

/**
 * A key can do no more than the credential it is made with. One that is made with another key also works in no more
 * places and for no longer; an app's token lasts an hour, and needs a person who has just signed in instead.
 * @throws {ReauthenticationRequired | InvalidInput}
 */
export function refuseMoreThan(viewer: Viewer, { scopes, faces, expiresAt }: Power): void {
  if (viewer.credential.kind === 'token') requireRecentSignIn(viewer);
  if (scopes.length === 0) throw new InvalidInput('scopes', 'must name at least one scope');
  if (faces.length === 0) throw new InvalidInput('faces', 'must name at least one face');
  const scope = scopes.find((each) => !viewer.scopes.has(each));
  if (scope)
    throw new InvalidInput('scopes', `must not hold ${scope}, which the credential you use does not hold`);
  if (expiresAt && expiresAt <= new Date()) throw new InvalidInput('expiresAt', 'must be in the future');
  if (hasRecentSignIn(viewer)) return;
  const face = faces.find((each) => !viewer.faces.has(each));
  if (face)
    throw new InvalidInput('faces', `must not hold ${face}, which the credential you use does not hold`);
  if (viewer.expiresAt && (!expiresAt || expiresAt > viewer.expiresAt)) {
    throw new InvalidInput(
      'expiresAt',
      `must not be after ${viewer.expiresAt.toISOString()}, when the credential you use ends`,
    );
  }
}

/**
 * A new secret is as good as a new key: a key may have one for itself, and for another what could make that other.
 * @throws {ReauthenticationRequired | InvalidInput}
 */
export function refuseRotating(viewer: Viewer, key: ApiKey): void {
  if (isItself(viewer, key)) return;
  try {
    refuseMoreThan(viewer, key);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput('id', 'must be of a key that can do no more than the credential you use');
  }
}

/**
 * A key may end itself, and every other whose scopes it holds; whatever else needs a person who has just signed in.
 * @throws {ReauthenticationRequired}
 */
export function refuseRevoking(viewer: Viewer, key: ApiKey): void {
  if (isItself(viewer, key)) return;
  const holdsAll = key.scopes.every((scope) => viewer.scopes.has(scope));
  if (viewer.credential.kind === 'token' || !holdsAll) requireRecentSignIn(viewer);
}

const isItself = ({ credential }: Viewer, { id }: ApiKey): boolean =>
  credential.kind === 'key' && credential.id === id;
