import type { Viewer } from '../accounts/viewer.ts';
import type { Context } from '../context.ts';
import { createLoaders } from '../loaders.ts';
import type { Services } from '../services.ts';
import type { Actor } from '../storage/acting.ts';
import { actorOf } from './actor.ts';

/** What the resolvers of one request share, whichever way it came. */
export function requestContext(
  services: Services,
  viewer: Viewer | null,
  face: Actor['face'],
  /** Without `stillValid`, whether the credential is still good is somebody else's to ask. */
  request: Pick<Context, 'publicUrl' | 'signal'> & Partial<Pick<Context, 'stillValid'>>,
): Context {
  const shown = viewer && { ...viewer, face };
  const own = viewer ? { ...services, reads: services.reads.by(actorOf(viewer, face, null)) } : services;
  return {
    viewer: shown,
    services: own,
    loaders: createLoaders(own, shown),
    stillValid: async () => true,
    ...request,
  };
}
