import { attributes, html, type Html } from './html.ts';

/** What is wrong with what was sent: with one field, or as a whole. */
export interface FormError {
  field: string | null;
  message: string;
}

export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'password';
  /** HTML Living Standard, section 4.10.18.7; passwords managers go by it. */
  autocomplete: string;
  value?: string | undefined;
  hint?: string;
  optional?: boolean;
  /** Names, handles and codes are no words: no capitals, no spelling. */
  verbatim?: boolean;
  className?: string;
}

const idOf = (name: string): string => `field-${name}`;

/** A labelled field, tied to its hint and to what was wrong with it. */
export function field(of: Field, errors: readonly FormError[]): Html {
  const id = idOf(of.name);
  const error = errors.find((each) => each.field === of.name);
  const described = [of.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const list = attributes({
    id,
    name: of.name,
    type: of.type ?? 'text',
    class: of.className,
    autocomplete: of.autocomplete,
    // A password is typed again; it never comes back with a page.
    value: of.type === 'password' ? undefined : of.value || undefined,
    required: !of.optional,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? 'true' : undefined,
    autocapitalize: of.verbatim && 'none',
    spellcheck: of.verbatim && 'false',
  });
  return html`<div class="field">
    <label for="${id}">${of.label}${of.optional && html` <span class="optional">(optional)</span>`}</label>
    ${of.hint && html`<p class="hint" id="${id}-hint">${of.hint}</p>`}
    ${error && html`<p class="error" id="${id}-error">${error.message}</p>`}
    <input${list} />
  </div>`;
}

/** All that is wrong, above the form and read out first; each line leads to its field. */
export function errorSummary(errors: readonly FormError[]): Html | null {
  if (errors.length === 0) return null;
  const lines = errors.map(
    ({ field: name, message }) =>
      html`<li>${name === null ? message : html`<a href="#${idOf(name)}">${message}</a>`}</li>`,
  );
  return html`<div class="summary" role="alert" tabindex="-1" autofocus>
    <h2>That did not work</h2>
    <ul>
      ${lines}
    </ul>
  </div>`;
}

export const titled = (title: string, errors: readonly FormError[]): string =>
  errors.length > 0 ? `Error: ${title}` : title;
