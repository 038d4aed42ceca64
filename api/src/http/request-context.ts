import type { Viewer } from '../accounts/viewer.ts';
import type { Context } from '../context.ts';
import { createLoaders } from '../loaders.ts';
import type { Services } from '../services.ts';

/** What the resolvers of one request share, whichever way it came. */
export function requestContext(
  services: Services,
  viewer: Viewer | null,
  /** Without `stillValid`, whether the credential is still good is somebody else's to ask. */
  request: Pick<Context, 'publicUrl' | 'signal'> & Partial<Pick<Context, 'stillValid'>>,
): Context {
  return {
    viewer,
    services,
    loaders: createLoaders(services, viewer),
    stillValid: async () => true,
    ...request,
  };
}
