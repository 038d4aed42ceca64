import type { Account } from '../accounts/account.ts';
import { signInWithPassword } from '../accounts/sign-in-with-password.ts';
import { signInWithRecoveryCode } from '../accounts/sign-in-with-recovery-code.ts';
import type { FormError } from './fields.ts';
import { missing } from './form-errors.ts';
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

/** Goes on as this account. @param amr how, by the values of RFC 8176. */
export async function signedIn(step: Step, account: Account, amr: string[]): Promise<void> {
  await finish(step, { login: { accountId: account.id, amr } }, false);
}

/** What every page to sign in tells. */
export const common = ({ at, client, publicUrl, services }: Step) => ({
  at,
  client,
  publicUrl,
  registrationOpen: services.signIn.registration === 'open',
});
