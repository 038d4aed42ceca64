import type { ClientDescription } from './client-description.ts';
import { errorSummary, field, titled, type FormError } from './fields.ts';
import { displayName, newHandle, newPassword } from './handle-fields.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { cancelForm, forWhom } from './sign-in-parts.ts';

export interface RegisterInput {
  at: string;
  client: ClientDescription;
  handle?: string | undefined;
  displayName?: string | undefined;
  errors?: readonly FormError[];
}

export function registerPage(input: RegisterInput): Page {
  const { at, client, errors = [] } = input;
  return {
    title: titled('Make an account', errors),
    main: html`<h1>Make an account</h1>
      ${forWhom(client)} ${errorSummary(errors)}
      <form method="post" action="${at}/register" novalidate>
        ${field(newHandle(input.handle), errors)} ${field(displayName(input.displayName), errors)}
        ${field(newPassword, errors)}
        <button class="primary">Make the account</button>
      </form>
      <ul class="ways">
        <li><a href="${at}/sign-in">I have an account: sign in</a></li>
        <li>${cancelForm(at, client)}</li>
      </ul>`,
  };
}
