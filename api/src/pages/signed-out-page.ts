import { decodeJwt } from 'jose';
import { errors, type Provider } from 'oidc-provider';
import { destinationOf } from './client-description.ts';
import type { Page } from './layout.ts';
import { messagePage, type Message } from './message-page.ts';

export const signedOut: Message = {
  title: 'Signed out',
  text: 'This browser does not know who you are.',
  wayOn: 'You can close this page. To end what an app may do, disconnect the app.',
};

/**
 * For somebody whom an app sent to sign out, and who is signed in no more: a way back to it, if it registered that (OpenID
 * Connect RP-Initiated Logout 1.0, section 3). Anybody can register, so nobody is sent on unasked (RFC 9700, section
 * 4.11.2).
 */
export async function signedOutPage(provider: Provider, params: URLSearchParams): Promise<Page> {
  const url = await wayBack(provider, params);
  return messagePage(
    url ? { ...signedOut, link: { url: url.href, label: `Go on to ${url.host}` } } : signedOut,
  );
}

async function wayBack(provider: Provider, params: URLSearchParams): Promise<URL | null> {
  const clientId = params.get('client_id') ?? audienceOf(params.get('id_token_hint'));
  const uri = params.get('post_logout_redirect_uri');
  if (!clientId || !uri) return null;
  const client = await known(provider, clientId);
  if (!client?.postLogoutRedirectUriAllowed(uri) || destinationOf(uri).kind === 'app') return null;
  const url = new URL(uri);
  const state = params.get('state');
  if (state !== null) url.searchParams.set('state', state);
  return url;
}

async function known(provider: Provider, clientId: string) {
  try {
    return await provider.Client.find(clientId);
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return undefined;
    throw error;
  }
}

/** Whose token it is, unchecked: it says no more than a client id does, which anybody can send. */
function audienceOf(token: string | null): string | undefined {
  try {
    const { aud } = decodeJwt(token ?? '');
    return typeof aud === 'string' ? aud : undefined;
  } catch {
    return undefined;
  }
}
