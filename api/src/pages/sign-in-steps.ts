import type { Account } from '../accounts/account.ts';
import { signInWithPassword } from '../accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../accounts/sign-in-with-recovery-code.ts';
import type { FormError } from './fields.ts';
import { recoveryCodePage } from './recovery-code-page.ts';
import { signInPage } from './sign-in-page.ts';
import {
  finish,
  NOT_RIGHT,
  seeOther,
  show,
  signedInAccount,
  type Show,
  type Step,
  type Submit,
} from './step.ts';

export const showSignIn: Show = async (step) => {
  const hint = step.interaction.params['login_hint'];
  const handle = (await signedInAccount(step))?.handle ?? (typeof hint === 'string' ? hint : undefined);
  show(step, signInPage({ ...common(step), handle }));
};

export const signIn: Submit = async (step, form) => {
  const [handle, password] = [form.get('handle') ?? '', form.get('password') ?? ''];
  const again = (errors: FormError[]): void =>
    show(step, signInPage({ ...common(step), handle, errors }), NOT_RIGHT);
  const empty = missing({ handle: 'Enter your handle.', password: 'Enter your password.' }, form);
  if (empty.length > 0) return again(empty);
  const account = await signInWithPassword(step.services, { handle, password }, step.from);
  if (!account) {
    const message = 'There is no account with this handle and this password. Check both.';
    return again([{ field: 'password', message }]);
  }
  await signedIn(step, account, ['pwd']);
};

export const showRecoveryCode: Show = (step) => show(step, recoveryCodePage(step));

export const signInByRecoveryCode: Submit = async (step, form) => {
  const [handle, code] = [form.get('handle') ?? '', form.get('code') ?? ''];
  const again = (errors: FormError[]): void =>
    show(step, recoveryCodePage({ ...common(step), handle, errors }), NOT_RIGHT);
  const empty = missing({ handle: 'Enter your handle.', code: 'Enter a recovery code.' }, form);
  if (empty.length > 0) return again(empty);
  const account = await signInWithRecoveryCode(step.services, { handle, code }, step.from);
  if (!account) {
    const message = 'This code is not one of that handle, or it was used already.';
    return again([{ field: 'code', message }]);
  }
  await signedIn(step, account, ['otp']);
};

/** Somebody who is signed in would rather be somebody else: the same request, from its first step on. */
export const switchAccount: Submit = async (step) => {
  const { interaction } = step;
  interaction.prompt = { name: 'login', reasons: ['login_prompt'], details: {} };
  await interaction.persist();
  seeOther(step, `${step.at}/sign-in`);
};

/**
 * Goes on as this account. If another one is signed in to this browser it is signed out first: the library would ask
 * about that on a page of its own, and take away what the other account allowed.
 * @param amr how, by the values of RFC 8176.
 */
export async function signedIn(step: Step, account: Account, amr: string[]): Promise<void> {
  await leaveOtherSession(step, account.id);
  await finish(step, { login: { accountId: account.id, amr } }, false);
}

export async function leaveOtherSession({ provider, interaction }: Step, accountId: string): Promise<void> {
  const { session } = interaction;
  if (!session || session.accountId === accountId) return;
  await (await provider.Session.findByUid(session.uid))?.destroy();
  interaction.session = undefined;
  await interaction.persist();
}

const common = ({ at, client, services }: Step) => ({
  at,
  client,
  registrationOpen: services.signIn.registration === 'open',
});

function missing(messages: Readonly<Record<string, string>>, form: URLSearchParams): FormError[] {
  return Object.entries(messages)
    .filter(([name]) => (form.get(name) ?? '').trim() === '')
    .map(([field, message]) => ({ field, message }));
}
