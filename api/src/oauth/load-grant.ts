import type { Grant, KoaContextWithOIDC } from 'oidc-provider';

/**
 * The grant that an authorization goes on with: the one that was decided in it just now, or else the one that this
 * browser's session knows the app by, if all that is asked for was granted there. Otherwise there is none, and a person
 * is asked about the whole, also about what they refused before: an app may ask for more when it is needed.
 */
export async function loadGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { provider, result, session, client } = ctx.oidc;
  const decided = result?.consent?.grantId;
  if (decided !== undefined) return provider.Grant.find(decided);
  const known = client && session?.grantIdFor(client.clientId);
  const grant = known === undefined ? undefined : await provider.Grant.find(known);
  return grant && holdsAll(grant, ctx) ? grant : undefined;
}

function holdsAll(grant: Grant, { oidc }: KoaContextWithOIDC): boolean {
  const { requestParamScopes: asked, requestParamOIDCScopes: statics, resourceServers = {} } = oidc;
  const granted = words(grant.getOIDCScope());
  return (
    [...statics].every((scope) => granted.has(scope)) &&
    Object.entries(resourceServers).every(([resource, { scopes: offered }]) => {
      const allowed = words(grant.getResourceScope(resource));
      return [...asked].every((scope) => !offered.has(scope) || allowed.has(scope));
    })
  );
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
