import type { KoaContextWithOIDC } from 'oidc-provider';
import type { PageHooks } from '../oauth/page-hooks.ts';
import { describeClient, destinationOf } from './client-description.ts';
import { deviceCodePage, deviceConfirmPage } from './device-pages.ts';
import { html } from './html.ts';
import { layout, type Page } from './layout.ts';
import { readLibraryForm } from './library-form.ts';
import { messagePage } from './message-page.ts';
import { codeErrors, errorMessage } from './provider-errors.ts';
import { pageHeaders } from './respond-page.ts';
import { signOutPage } from './sign-out-page.ts';

/** The pages that the authorization server shows by itself. */
export function createPageHooks({ publicUrl }: { publicUrl: URL }): PageHooks {
  function show(ctx: KoaContextWithOIDC, page: Page, formTargets: readonly string[] = []): void {
    ctx.set(pageHeaders(page, { formTargets }));
    ctx.body = layout(page, publicUrl);
  }
  return {
    error: (ctx, out, error) => show(ctx, messagePage(errorMessage(out, error))),
    userCodeInput(ctx, form, _out, error) {
      if (error?.name === 'AbortedError') return show(ctx, messagePage(refused));
      const code = error && 'userCode' in error ? String(error.userCode) : undefined;
      show(ctx, deviceCodePage({ form: readLibraryForm(form), code, errors: codeErrors(error) }));
    },
    userCodeConfirm(ctx, form, client, userCode) {
      const { name: clientName } = describeClient(client, null, true);
      show(ctx, deviceConfirmPage({ form: readLibraryForm(form), clientName, userCode }));
    },
    deviceSuccess(ctx) {
      const name = ctx.oidc.client && describeClient(ctx.oidc.client, null, true).name;
      show(ctx, messagePage(connected(name ?? 'Your device')));
    },
    signOut: (ctx, form) => show(ctx, signOutPage({ form: readLibraryForm(form) }), afterSignOut(ctx)),
    async signedOut(ctx) {
      // The library leads here whichever button was pressed.
      const { accountId } = await ctx.oidc.provider.Session.get(ctx);
      show(ctx, messagePage(accountId === undefined ? signedOut : stillSignedIn));
    },
  };
}

/** The form leads to the app that asked for the sign-out, where it named an address. */
function afterSignOut(ctx: KoaContextWithOIDC): string[] {
  const uri = ctx.oidc.session?.state?.['postLogoutRedirectUri'];
  if (typeof uri !== 'string') return [];
  const destination = destinationOf(uri);
  if (destination.kind === 'app') return [`${destination.scheme}:`];
  const { protocol, host } = new URL(uri);
  // The grammar of a source has no place for an IPv6 address, nor for all signs that a host may have.
  return [/^[a-z\d.-]+(:\d+)?$/.test(host) ? `${protocol}//${host}` : protocol];
}

const refused = {
  title: 'Not connected',
  text: 'You refused. The device has been told, and the code is no longer good.',
  wayOn: 'You can close this page.',
};

const connected = (name: string) => ({
  title: 'Connected',
  text: html`<strong><bdi>${name}</bdi></strong> can use Picard now, as you allowed.`,
  wayOn: 'Go back to your device. You can close this page.',
});

const signedOut = {
  title: 'Signed out',
  text: 'This browser no longer knows who you are.',
  wayOn: 'You can close this page. To end what an app may do, disconnect the app.',
};

const stillSignedIn = {
  title: 'Still signed in',
  text: 'This browser knows you as before.',
  wayOn: 'You can close this page.',
};
