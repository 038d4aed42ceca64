import type { Provider } from 'oidc-provider';
import { describeScopes } from '../oauth/scopes.ts';
import { ENDS, type ConsentChoices } from './consent-choices.ts';
import type { Requested } from './requested.ts';

/**
 * A grant of what was chosen, until when it was chosen; answers its id. Each consent makes one of its own, so that it
 * changes nothing about what the app was allowed elsewhere. What was asked for and not granted is kept as refused: else
 * the same question would come again at once.
 */
export async function makeGrant(
  provider: Provider,
  whose: { accountId: string; clientId: string },
  requested: Requested,
  { access, end }: ConsentChoices,
): Promise<string> {
  const grant = new provider.Grant(whose);
  const [oidc, refusedOidc] = divide(requested.oidc, access);
  if (oidc.length > 0) grant.addOIDCScope(oidc);
  if (refusedOidc.length > 0) grant.rejectOIDCScope(refusedOidc);
  if (requested.claims.length > 0) grant.addOIDCClaims([...requested.claims]);
  for (const [resource, scopes] of requested.resources) {
    const [granted, refused] = divide(scopes, access);
    if (granted.length > 0) grant.addResourceScope(resource, granted);
    if (refused.length > 0) grant.rejectResourceScope(resource, refused);
  }
  // Codes and refresh tokens are held against their grant each time they are used.
  grant.exp = Math.floor(Date.now() / 1_000) + ENDS[end].seconds;
  return grant.save();
}

function divide(scopes: readonly string[], access: ConsentChoices['access']): [string[], string[]] {
  const writing = new Set<string>(
    describeScopes(scopes)
      .filter(({ writes }) => writes)
      .map(({ name }) => name),
  );
  const refused = scopes.filter((scope) => access === 'read' && writing.has(scope));
  return [scopes.filter((scope) => !refused.includes(scope)), refused];
}
