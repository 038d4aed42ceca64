import { rememberApp } from '../oauth/remember-app.ts';
import { describeScopes } from '../oauth/scopes.ts';
import { readChoices } from './consent-choices.ts';
import { consentPage } from './consent-page.ts';
import type { FormError } from './fields.ts';
import { makeGrant } from './make-grant.ts';
import { ended } from './provider-errors.ts';
import { PageRefusal } from './page-refusal.ts';
import { mayNarrow, requestedOf, scopesOf, type Requested } from './requested.ts';
import { finish, NOT_RIGHT, show, signedInAccount, type Show, type Step, type Submit } from './step.ts';

const IDENTITY = { text: 'Know which account this is', writes: false };

export const showConsent: Show = async (step) => showChoices(step, await requested(step));

export const allow: Submit = async (step, form) => {
  const { services, provider, interaction, clientId, client } = step;
  const asked = await requested(step);
  const choices = readChoices(form, mayNarrow(asked));
  if (!choices) {
    const message = 'Choose how much the app may do and when that ends.';
    return showChoices(step, asked, [{ field: null, message }]);
  }
  const accountId = interaction.session?.accountId;
  if (accountId === undefined) throw new PageRefusal(410, ended);
  const grantId = await makeGrant(provider, { accountId, clientId }, asked, choices);
  await rememberApp(services, accountId, clientId, client.name);
  await finish(step, { consent: { grantId } }, true);
};

/** The app is told that it was not allowed (RFC 6749 section 4.1.2.1). */
export const abort: Submit = (step) => {
  const result = { error: 'access_denied', error_description: 'It was not allowed' };
  return finish(step, result, false);
};

async function requested({ provider, interaction }: Step): Promise<Requested> {
  const { grantId } = interaction;
  return requestedOf(interaction, grantId === undefined ? undefined : await provider.Grant.find(grantId));
}

async function showChoices(step: Step, asked: Requested, errors: FormError[] = []): Promise<void> {
  const account = await signedInAccount(step);
  if (!account) throw new PageRefusal(410, ended);
  const described = describeScopes(scopesOf(asked));
  const page = consentPage({
    at: step.at,
    client: step.client,
    account,
    allows: described.length > 0 ? described : [IDENTITY],
    mayNarrow: mayNarrow(asked),
    now: new Date(),
    errors,
  });
  show(step, page, errors.length > 0 ? NOT_RIGHT : 200);
}
