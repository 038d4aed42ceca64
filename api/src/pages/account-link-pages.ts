import { errorSummary, field, titled, type FormError } from './fields.ts';
import { displayName, newHandle, newPassword } from './handle-fields.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';

export interface ClaimInput {
  /** Where the form is sent. */
  action: string;
  token: string;
  handle?: string | undefined;
  displayName?: string | undefined;
  errors?: readonly FormError[];
}

/** To take over an account that an administrator has made. */
export function claimPage({ action, token, errors = [], ...typed }: ClaimInput): Page {
  return {
    title: titled('Make this account yours', errors),
    main: html`<h1>Make this account yours</h1>
      <p class="lead">It was made for you. Choose a handle, if you would like another one, and a password.</p>
      ${errorSummary(errors)}
      <form method="post" action="${action}" novalidate>
        <input type="hidden" name="token" value="${token}" />
        ${field(newHandle(typed.handle), errors)} ${field(displayName(typed.displayName), errors)}
        ${field(newPassword, errors)}
        <button class="primary">Take the account</button>
      </form>`,
  };
}

export interface ResetInput {
  action: string;
  token: string;
  /** Whose password it will be. */
  handle: string;
  errors?: readonly FormError[];
}

export function resetPage({ action, token, handle, errors = [] }: ResetInput): Page {
  return {
    title: titled('Set a new password', errors),
    main: html`<h1>Set a new password</h1>
      <p class="lead">
        For the account <strong>${handle}</strong>. All its apps and browsers will have to sign in again.
      </p>
      ${errorSummary(errors)}
      <form method="post" action="${action}" novalidate>
        <input type="hidden" name="token" value="${token}" />
        <input type="text" name="username" autocomplete="username" value="${handle}" hidden />
        ${field(newPassword, errors)}
        <button class="primary">Set the password</button>
      </form>`,
  };
}
