import type { ClientDescription } from './client-description.ts';
import { errorSummary, field, titled, type FormError } from './fields.ts';
import { handle } from './handle-fields.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { cancelForm } from './sign-in-parts.ts';

export interface RecoveryCodeInput {
  at: string;
  client: ClientDescription;
  handle?: string | undefined;
  errors?: readonly FormError[];
}

export function recoveryCodePage({ at, client, handle: typed, errors = [] }: RecoveryCodeInput): Page {
  const code = {
    name: 'code',
    label: 'Recovery code',
    autocomplete: 'one-time-code',
    hint: 'One of those that you kept when the account was made. Each is good once.',
    verbatim: true,
  };
  return {
    title: titled('Use a recovery code', errors),
    main: html`<h1>Use a recovery code</h1>
      <p class="lead">For when you have lost your password or your passkey.</p>
      ${errorSummary(errors)}
      <form method="post" action="${at}/recovery-code" novalidate>
        ${field(handle(typed), errors)} ${field(code, errors)}
        <button class="primary">Sign in</button>
      </form>
      <p class="detail">
        No codes left? The administrator of this server can make you a link to set a new password.
      </p>
      <ul class="ways">
        <li><a href="${at}/sign-in">Use your password or passkey</a></li>
        <li>${cancelForm(at, client)}</li>
      </ul>`,
  };
}
