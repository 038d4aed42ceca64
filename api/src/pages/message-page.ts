import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';

export interface Message {
  title: string;
  /** What happened and why. */
  text: string | Html;
  /** What to do next. */
  wayOn?: string | Html;
  link?: { url: string; label: string };
  /** For whoever has to find out more: a code and what the protocol says. */
  detail?: string;
}

/** One thing that has to be said: an error, or that something is done. */
export function messagePage({ title, text, wayOn, link, detail }: Message): Page {
  return {
    title,
    main: html`<h1>${title}</h1>
      <p>${text}</p>
      ${wayOn && html`<p>${wayOn}</p>`}
      ${link && html`<p class="actions"><a class="button" href="${link.url}">${link.label}</a></p>`}
      ${detail && html`<p class="detail"><code>${detail}</code></p>`}`,
  };
}
