import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import type { PageHooks } from '../oauth/page-hooks.ts';
import { broughtUserCode, findDevice } from './brought-code.ts';
import { describeClient, destinationOf } from './client-description.ts';
import { deviceCodePage, deviceConfirmPage } from './device-pages.ts';
import { html } from './html.ts';
import { layout, type Page } from './layout.ts';
import { readLibraryForm, type LibraryForm } from './library-form.ts';
import { messagePage } from './message-page.ts';
import { codeErrors, errorMessage, staleForm } from './provider-errors.ts';
import { pageHeaders } from './respond-page.ts';
import { signOutPage } from './sign-out-page.ts';
import { signedOut } from './signed-out-page.ts';

/** The pages that the authorization server shows by itself. */
export function createPageHooks({ publicUrl }: { publicUrl: URL }): PageHooks {
  function show(ctx: KoaContextWithOIDC, page: Page, formTargets: readonly string[] = []): void {
    ctx.set(pageHeaders(page, { formTargets }));
    ctx.body = layout(page, publicUrl);
  }
  function confirm(ctx: KoaContextWithOIDC, form: LibraryForm, client: Client, userCode: string): void {
    const { name: clientName } = describeClient(client, null, true);
    show(ctx, deviceConfirmPage({ form, clientName, userCode }));
  }
  /** The code stood in the address, so it need not be entered, but is compared as any other. */
  async function confirmBrought(ctx: KoaContextWithOIDC, form: LibraryForm, code: string): Promise<void> {
    const device = await findDevice(ctx.oidc.provider, code);
    if (typeof device === 'string')
      return show(ctx, deviceCodePage({ form, code, errors: codeErrors(device) }));
    const entered = Object.entries({ user_code: device.userCode, confirm: 'yes' });
    const hidden = [...form.hidden, ...entered.map(([name, value]) => ({ name, value }))];
    confirm(ctx, { ...form, hidden }, device.client, device.userCode);
  }
  return {
    error(ctx, out, error) {
      const stale = out.error === 'invalid_request' ? staleForm(ctx.path) : null;
      show(ctx, messagePage(stale ?? errorMessage(out, error)));
    },
    async userCodeInput(ctx, text, _out, error) {
      if (error?.name === 'AbortedError') return show(ctx, messagePage(refused));
      const form = readLibraryForm(text);
      const brought = broughtUserCode(ctx.req);
      if (!error && brought !== undefined) return confirmBrought(ctx, form, brought);
      const code = error && 'userCode' in error ? String(error.userCode) : undefined;
      show(ctx, deviceCodePage({ form, code, errors: codeErrors(error?.name) }));
    },
    userCodeConfirm: (ctx, form, client, userCode) => confirm(ctx, readLibraryForm(form), client, userCode),
    deviceSuccess(ctx) {
      const name = ctx.oidc.client && describeClient(ctx.oidc.client, null, true).name;
      show(ctx, messagePage(connected(name ?? 'Your device')));
    },
    signOut: (ctx, form) =>
      show(ctx, signOutPage({ form: readLibraryForm(form) }), [sourceOf(publicUrl), ...afterSignOut(ctx)]),
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
  return [sourceOf(new URL(uri))];
}

/** The grammar of a source has no place for an IPv6 address, nor for all signs that a host may have. */
const sourceOf = ({ protocol, host }: URL): string =>
  /^[a-z\d.-]+(:\d+)?$/.test(host) ? `${protocol}//${host}` : protocol;

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

const stillSignedIn = {
  title: 'Still signed in',
  text: 'This browser knows you as before.',
  wayOn: 'You can close this page.',
};
