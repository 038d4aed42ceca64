/** Where the library answers, by its names for it. */
export const ROUTES = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  jwks: '/oauth/jwks',
  userinfo: '/oauth/userinfo',
  end_session: '/oauth/logout',
  device_authorization: '/oauth/device_authorization',
  code_verification: '/device',
} as const;

const PATHS: ReadonlySet<string> = new Set([
  ...Object.values(ROUTES),
  '/oauth/logout/confirm',
  '/oauth/logout/success',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
]);
/** An authorization that goes on, a client that manages itself, a device that was allowed. */
const BELOW = /^\/(oauth\/(authorize|register)|device)\/[^/]+$/;

/**
 * Whether a path is one of these as it is written here. The library also takes other cases and a slash at the end, where
 * nothing of what we do around it would happen: we go by the path.
 */
export const isRoute = (path: string): boolean => PATHS.has(path) || BELOW.test(path);
