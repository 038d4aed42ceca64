import { assetUrl } from './assets.ts';
import { html, type Html } from './html.ts';
import { safeUrl } from './safe-url.ts';

/** What a page says, without the frame that all share. */
export interface Page {
  /** Tells the state too: "Error: Sign in". */
  title: string;
  main: Html;
  /** For pages that hold more than a form. */
  wide?: boolean;
  /** Offers passkeys to browsers that have them. */
  passkeys?: boolean;
  /** Where a browser goes by itself, at once. */
  next?: string;
}

/** @param publicUrl where people reach this server: they are shown its name. */
export function layout({ title, main, wide, passkeys, next }: Page, publicUrl: URL): string {
  const document = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>${title} – Picard</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <link rel="icon" type="image/svg+xml" href="${assetUrl('icon.svg')}" />
      <link rel="stylesheet" href="${assetUrl('style.css')}" />
      ${passkeys && html`<script type="module" src="${assetUrl('passkey.js')}"></script>`}
      ${next && html`<meta http-equiv="refresh" content="0; url=${safeUrl(next)}" />`}
    </head>
    <body>
      <header class="brand">
        <img src="${assetUrl('icon.svg')}" alt="" width="32" height="32" /> Picard
      </header>
      <main class="${wide ? 'wide' : 'narrow'}">${main}</main>
      <footer>This page belongs to <bdi>${publicUrl.host}</bdi></footer>
    </body>
  </html>`;
  return `<!doctype html>\n${document.toString()}\n`;
}
