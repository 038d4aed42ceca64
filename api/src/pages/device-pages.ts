import { errorSummary, field, titled, type FormError } from './fields.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';
import type { LibraryForm } from './library-form.ts';

export interface DeviceInput {
  form: LibraryForm;
  /** What was typed before. */
  code?: string | undefined;
  errors?: readonly FormError[];
}

/** Where somebody enters the code that their device shows (RFC 8628 section 3.3). */
export function deviceCodePage({ form, code, errors = [] }: DeviceInput): Page {
  const userCode = {
    name: 'user_code',
    label: 'Code',
    autocomplete: 'off',
    hint: 'For example BCDF-GHJK.',
    verbatim: true,
    className: 'code',
    value: code,
  };
  return {
    title: titled('Connect a device', errors),
    main: html`<h1>Connect a device</h1>
      <p class="lead">Enter the code that the device in front of you shows.</p>
      ${errorSummary(errors)}
      <form method="post" action="${form.action}" novalidate>
        ${hiddenFields(form)} ${field(userCode, errors)}
        <button class="primary">Go on</button>
      </form>`,
  };
}

export interface DeviceConfirmInput {
  form: LibraryForm;
  clientName: string;
  userCode: string;
}

/** Shows what is about to be connected: somebody may have been sent this code (RFC 8628 section 5.4). */
export function deviceConfirmPage({ form, clientName, userCode }: DeviceConfirmInput): Page {
  return {
    title: 'Is this your device?',
    main: html`<h1>Is this your device?</h1>
      <p>
        <strong><bdi>${clientName}</bdi></strong> asks to be connected. Your device must show this code:
      </p>
      <p class="user-code">${userCode}</p>
      <div class="notice">
        <p>
          <strong>Go on only if you began this yourself</strong>, on a device that you have before you. If
          somebody sent you the code or a link to this page, refuse: they would get at your memories.
        </p>
      </div>
      <form method="post" action="${form.action}">
        ${hiddenFields(form)}
        <div class="actions pair">
          <button class="primary">My device shows it</button>
          <button name="abort" value="yes">Refuse</button>
        </div>
      </form>`,
  };
}

const hiddenFields = (form: LibraryForm): Html[] =>
  form.hidden.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}" />`);
