import { html } from './html.ts';
import type { Page } from './layout.ts';
import type { LibraryForm } from './library-form.ts';

export function signOutPage({ form }: { form: LibraryForm }): Page {
  return {
    title: 'Sign out?',
    main: html`<h1>Sign out of Picard?</h1>
      <p>This browser forgets who you are. Apps that you have connected stay connected.</p>
      <form method="post" action="${form.action}">
        ${form.hidden.map(({ name, value }) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <div class="actions pair">
          <button class="primary" name="logout" value="yes">Sign out</button>
          <button>Stay signed in</button>
        </div>
      </form>`,
  };
}
