import type { ClientDescription } from './client-description.ts';
import { html, type Html } from './html.ts';

/** Why somebody is asked to sign in. */
export function forWhom(client: ClientDescription): Html {
  return html`<p class="lead">
    <strong><bdi>${client.name}</bdi></strong> wants to use Picard. You decide about that on the next page.
  </p>`;
}

/** The way back to the app, which is told that nothing came of it. */
export function cancelForm(at: string, client: ClientDescription): Html {
  return html`<form method="post" action="${at}/abort">
    <button class="plain">Cancel and go back to <bdi>${client.name}</bdi></button>
  </form>`;
}
