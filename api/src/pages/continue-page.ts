import { html } from './html.ts';
import type { Page } from './layout.ts';

/**
 * Goes on by itself, by a navigation that belongs to no form: what follows may lead to an app anywhere, and from there
 * further, while `form-action` stays at this server.
 */
export function continuePage({ url }: { url: string }): Page {
  return {
    title: 'One moment',
    next: url,
    main: html`<h1>One moment</h1>
      <p class="lead">You are being taken on.</p>
      <p class="actions"><a class="button" href="${url}">Go on now</a></p>`,
  };
}
