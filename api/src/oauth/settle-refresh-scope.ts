import { Provider } from 'oidc-provider';

/**
 * A refresh that asks for more than was granted gets what was granted, and is told so (RFC 6749 section 3.3). Hosts ask
 * again for all that they asked for at first, of which an authorization left out what is of no use at the resource, and
 * Codex adds `offline_access` each time: the library would refuse, and the host be cut off after an hour.
 * What is asked for in vain as a whole is refused as before.
 */
export function settleRefreshScope({ RefreshToken }: Provider): void {
  const find = RefreshToken.find.bind(RefreshToken);
  // The one place between the parameters and the library's check of them that is told of both.
  RefreshToken.find = async <T>(...args: Parameters<typeof find>): Promise<T | undefined> => {
    const token = await find(...args);
    if (token instanceof RefreshToken) settle(token.scopes);
    return token as T | undefined;
  };
}

function settle(granted: ReadonlySet<string>): void {
  const params = Provider.ctx?.oidc.params;
  const asked = params?.['scope'];
  if (!params || params['grant_type'] !== 'refresh_token' || typeof asked !== 'string') return;
  const kept = asked.split(' ').filter((name) => granted.has(name));
  if (kept.length > 0) params['scope'] = kept.join(' ');
}
