import { html } from './html.ts';
import type { Page } from './layout.ts';

export interface RecoveryCodesInput {
  handle: string;
  codes: readonly string[];
  /** The host of this server, for whoever finds the paper in a year. */
  host: string;
  /** Where to go on; null when there is nothing to go back to. */
  next: { url: string; label: string } | null;
}

/** The one time that the codes are shown; made to be printed. */
export function recoveryCodesPage({ handle, codes, host, next }: RecoveryCodesInput): Page {
  return {
    title: 'Your recovery codes',
    wide: true,
    main: html`<h1>Keep your recovery codes</h1>
      <p>
        The account <strong>${handle}</strong> is ready. If you lose your password, one of these codes lets
        you in, once. They are shown this one time.
      </p>
      <ol class="codes">
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ol>
      <p>Recovery codes of <strong>${handle}</strong> at <strong>${host}</strong>.</p>
      <p class="soft screen">
        Print this page, or copy the codes to where you keep passwords. Nobody can show them to you again, but
        once signed in you can make new ones.
      </p>
      ${
        next
          ? html`<p class="actions"><a class="button primary" href="${next.url}">${next.label}</a></p>`
          : html`<p class="screen">
              That is all. Whenever you connect an app to Picard, sign in with this handle and your password.
            </p>`
      }`,
  };
}
