import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { DEFAULT_SCOPE, isScope } from './scopes.ts';

/**
 * What an authorization asks for in the end. Hosts that ask for all that the discovery names are not refused: what is of
 * no use at the resources that they name is left out, and the answer tells what was granted (RFC 6749 section 3.3).
 * @throws {errors.InvalidScope} when nothing is left.
 */
export function settleScope({ oidc }: KoaContextWithOIDC): void {
  const { params, resourceServers = {} } = oidc;
  if (!params) return;
  const asked = params['scope'];
  if (typeof asked !== 'string') {
    params['scope'] = DEFAULT_SCOPE;
    return;
  }
  const offered = new Set(Object.values(resourceServers).flatMap(({ scope }) => scope.split(' ')));
  const kept = asked.split(' ').filter((name) => offered.has(name) || !isScope(name));
  if (kept.length === 0)
    throw new errors.InvalidScope(`this resource takes ${[...offered].join(', ')}`, asked);
  params['scope'] = kept.join(' ');
}
