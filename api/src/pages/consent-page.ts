import type { ClientDescription } from './client-description.ts';
import { accessChoice, endChoice } from './consent-choices.ts';
import { errorSummary, titled, type FormError } from './fields.ts';
import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';

export interface ConsentInput {
  at: string;
  client: ClientDescription;
  account: { handle: string; displayName: string };
  /** What it asks for, in words. */
  allows: readonly { text: string; writes: boolean }[];
  /** Reading alone can be allowed where something else was asked for too. */
  mayNarrow: boolean;
  now: Date;
  errors?: readonly FormError[];
}

export function consentPage(input: ConsentInput): Page {
  const { at, client, account, allows, errors = [] } = input;
  const title = `Let ${client.name} use your memories?`;
  return {
    title: titled(title, errors),
    wide: true,
    main: html`<h1>Let <bdi>${client.name}</bdi> use your memories?</h1>
      ${errorSummary(errors)}
      <form method="post" action="${at}/switch-account" class="who">
        <p>Signed in as <strong>${account.handle}</strong>${nameOf(account)}</p>
        <button class="plain">Use another account</button>
      </form>
      ${facts(client)} ${client.selfDeclared && notice(client)}
      <form method="post" action="${at}/consent">
        <h2 id="asks">It asks to</h2>
        <ul class="allows" aria-labelledby="asks">
          ${allows.map(({ text }) => html`<li>${text}</li>`)}
        </ul>
        ${input.mayNarrow && accessChoice()} ${endChoice(input.now)}
        <div class="actions pair">
          <button class="primary">Allow</button>
          <button formaction="${at}/abort">Deny</button>
        </div>
      </form>
      <p class="detail">You can look at what is connected, and end it, whenever you like.</p>`,
  };
}

const nameOf = ({ handle, displayName }: ConsentInput['account']): Html | false =>
  displayName !== handle && html` (<bdi>${displayName}</bdi>)`;

/** What is known of the app, rather than what it says. */
function facts({ destination, documentHost }: ClientDescription): Html {
  return html`<dl class="facts">
    <dt>Access goes to</dt>
    <dd>${destinationText(destination)}</dd>
    ${
      documentHost &&
      html`<dt>Described at</dt>
        <dd><strong>${documentHost}</strong></dd>`
    }
  </dl>`;
}

function destinationText(destination: ClientDescription['destination']): Html {
  switch (destination.kind) {
    case 'web':
      return html`<strong>${destination.host}</strong>`;
    case 'this device':
      return html`a program on <strong>this device</strong> (${destination.host})`;
    case 'app':
      return html`the app <strong>${destination.scheme}</strong> on this device`;
    case 'code':
      return html`the <strong>device</strong> whose code you entered`;
  }
}

function notice({ documentHost }: ClientDescription): Html {
  return html`<div class="notice">
    <p>
      <strong>The name is what the app calls itself.</strong>
      ${
        documentHost
          ? html`All that is known of it is that ${documentHost} describes it.`
          : 'It registered by itself, and nobody has checked who made it.'
      }
      Allow it only if you have just begun this in an app that you trust.
    </p>
  </div>`;
}
