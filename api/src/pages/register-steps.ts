import { registerAccount } from '../accounts/register-account.ts';
import { RegistrationClosed } from '../accounts/sign-in-errors.ts';
import { missingOfAccount, optionalText, orFormErrors } from './form-errors.ts';
import { recoveryCodesPage } from './recovery-codes-page.ts';
import { registerPage } from './register-page.ts';
import { NOT_RIGHT, show, type Show, type Submit } from './step.ts';

export const showRegister: Show = (step) => {
  if (step.services.signIn.registration === 'closed') throw new RegistrationClosed();
  show(step, registerPage(step));
};

/** The codes are shown before anything else happens; their page leads on. */
export const register: Submit = async (step, form) => {
  const { services, provider, request, response, from, publicUrl, client, at } = step;
  const input = {
    handle: (form.get('handle') ?? '').trim(),
    displayName: optionalText(form, 'displayName'),
    password: form.get('password') ?? '',
  };
  const empty = missingOfAccount(form);
  const made = empty.length > 0 ? empty : await orFormErrors(() => registerAccount(services, input, from));
  if (Array.isArray(made)) {
    const { handle, displayName } = input;
    return show(step, registerPage({ at, client, handle, displayName, errors: made }), NOT_RIGHT);
  }
  const { account, recoveryCodes: codes } = made;
  const result = { login: { accountId: account.id, amr: ['pwd'] } };
  await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false });
  const next = { url: at, label: `I have kept them: go on to ${client.name}` };
  show(step, recoveryCodesPage({ handle: account.handle, codes, host: publicUrl.host, next }));
};
