import type { Client, Configuration, errors, KoaContextWithOIDC } from 'oidc-provider';

type ErrorOut = Parameters<NonNullable<Configuration['renderError']>>[1];
type Failure = errors.OIDCProviderError | Error;

/** The pages that the library shows by itself; whoever looks after pages gives them. Each sets `ctx.type` and `ctx.body`. */
export interface PageHooks {
  error(ctx: KoaContextWithOIDC, out: ErrorOut, error: Failure): void | Promise<void>;
  /** `form` is the library's own form (id `op.deviceInputForm`); `error` says what was wrong with the code before. */
  userCodeInput(
    ctx: KoaContextWithOIDC,
    form: string,
    out: ErrorOut | undefined,
    error: Failure | undefined,
  ): void | Promise<void>;
  /** `form` has the id `op.deviceConfirmForm`; a button `name=abort value=yes` in it refuses. */
  userCodeConfirm(
    ctx: KoaContextWithOIDC,
    form: string,
    client: Client,
    userCode: string,
  ): void | Promise<void>;
  deviceSuccess(ctx: KoaContextWithOIDC): void | Promise<void>;
  /** `form` has the id `op.logoutForm`; a button `name=logout value=yes` in it signs out. */
  signOut(ctx: KoaContextWithOIDC, form: string): void | Promise<void>;
  signedOut(ctx: KoaContextWithOIDC): void | Promise<void>;
}

/** Enough to work without any pages. */
export const plainPages: PageHooks = {
  error(ctx, { error, error_description: description }) {
    show(ctx, 'This did not work', `<p>${escaped(description ?? error)}</p>`);
  },
  userCodeInput(ctx, form, _out, error) {
    const wrong = error ? '<p>That code is not known or no longer good. Look at your device again.</p>' : '';
    const button = '<button type="submit" form="op.deviceInputForm">Go on</button>';
    show(ctx, 'Connect a device', `${wrong}${form}${button}`);
  },
  userCodeConfirm(ctx, form, client, userCode) {
    const name = escaped(client.clientName ?? client.clientId);
    const button = (attributes: string, text: string) =>
      `<button type="submit" form="op.deviceConfirmForm"${attributes}>${text}</button>`;
    const buttons = `${button('', 'It is the same')}${button(' name="abort" value="yes"', 'It is not')}`;
    show(ctx, 'Connect a device', `<p>${name} shows <b>${escaped(userCode)}</b>?</p>${form}${buttons}`);
  },
  deviceSuccess(ctx) {
    show(ctx, 'Connected', '<p>Go back to your device.</p>');
  },
  signOut(ctx, form) {
    const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>';
    show(ctx, 'Sign out?', `${form}${button}`);
  },
  signedOut(ctx) {
    show(ctx, 'Signed out', '');
  },
};

function show(ctx: KoaContextWithOIDC, title: string, html: string): void {
  ctx.set({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  ctx.type = 'html';
  ctx.body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${html}</html>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
