import { hasPasskeys } from '../accounts/passkey.ts';
import type { ClientDescription } from './client-description.ts';
import { errorSummary, field, titled, type FormError } from './fields.ts';
import { handle } from './handle-fields.ts';
import { html } from './html.ts';
import type { Page } from './layout.ts';
import { cancelForm, forWhom } from './sign-in-parts.ts';

export interface SignInInput {
  /** Path of the interaction, to which its forms are sent. */
  at: string;
  client: ClientDescription;
  /** Where passkeys of this server are good. */
  publicUrl: URL;
  /** What was typed before, or who is signed in. */
  handle?: string | undefined;
  registrationOpen: boolean;
  errors?: readonly FormError[];
}

export function signInPage(input: SignInInput): Page {
  const { at, client, registrationOpen, errors = [] } = input;
  const { origin } = input.publicUrl;
  const passkeys = hasPasskeys(origin);
  const password = {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'current-password',
  } as const;
  return {
    title: titled('Sign in', errors),
    passkeys,
    main: html`<h1>Sign in</h1>
      ${forWhom(client)} ${errorSummary(errors)}
      <form method="post" action="${at}/sign-in" novalidate>
        ${field(handle(input.handle), errors)} ${field(password, errors)}
        <button class="primary">Sign in</button>
      </form>
      ${
        passkeys &&
        html`<form
            method="post"
            action="${at}/passkey"
            id="passkey"
            class="actions"
            data-origin="${origin}"
            hidden
          >
            <input type="hidden" name="response" />
            <button>Sign in with a passkey</button>
          </form>
          <p id="passkey-status" role="status" class="soft"></p>`
      }
      <ul class="ways">
        ${registrationOpen && html`<li><a href="${at}/register">Make an account</a></li>`}
        <li><a href="${at}/recovery-code">Use a recovery code</a></li>
        <li>${cancelForm(at, client)}</li>
      </ul>`,
  };
}
