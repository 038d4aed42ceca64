import { claimAccount } from '../accounts/claim-account.ts';
import { findAccountLink } from '../accounts/find-account-link.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { AccountLinkInvalid } from '../accounts/sign-in-errors.ts';
import type { From } from '../accounts/sign-in-limits.ts';
import type { Services } from '../services.ts';
import { claimPage, resetPage } from './account-link-pages.ts';
import { missingOfAccount, optionalText, orFormErrors } from './form-errors.ts';
import type { Page } from './layout.ts';
import { messagePage } from './message-page.ts';
import { recoveryCodesPage } from './recovery-codes-page.ts';

/** A request to a page that a one-time link leads to. */
export interface LinkRequest {
  services: Services;
  publicUrl: URL;
  from: From;
  /** Where the form is sent. */
  action: string;
  token: string;
}

export interface Answer {
  status: number;
  page: Page;
}

/** Loading the page uses nothing up: mail programs and chats load links too. @throws {AccountLinkInvalid} */
export async function showClaim({ services, action, token }: LinkRequest): Promise<Answer> {
  const account = await findAccountLink(services, token, 'claim');
  if (!account) throw new AccountLinkInvalid();
  const { handle, displayName } = account;
  return {
    status: 200,
    page: claimPage({ action, token, handle, displayName: displayName === handle ? undefined : displayName }),
  };
}

export async function claim(link: LinkRequest, form: URLSearchParams): Promise<Answer> {
  const { services, publicUrl, from, action, token } = link;
  const input = {
    token,
    handle: (form.get('handle') ?? '').trim(),
    displayName: optionalText(form, 'displayName'),
    password: form.get('password') ?? '',
  };
  const empty = missingOfAccount(form);
  const made = empty.length > 0 ? empty : await orFormErrors(() => claimAccount(services, input, from));
  if (Array.isArray(made)) {
    const { handle, displayName } = input;
    return { status: 422, page: claimPage({ action, token, handle, displayName, errors: made }) };
  }
  const { account, recoveryCodes: codes } = made;
  const page = recoveryCodesPage({ handle: account.handle, codes, host: publicUrl.host, next: null });
  return { status: 200, page };
}

/** As `showClaim`. @throws {AccountLinkInvalid} */
export async function showReset({ services, action, token }: LinkRequest): Promise<Answer> {
  const account = await findAccountLink(services, token, 'reset');
  if (!account) throw new AccountLinkInvalid();
  return { status: 200, page: resetPage({ action, token, handle: account.handle }) };
}

export async function reset(link: LinkRequest, form: URLSearchParams): Promise<Answer> {
  const { services, from, action, token } = link;
  const account = await findAccountLink(services, token, 'reset');
  const handle = account?.handle ?? '';
  const input = { token, password: form.get('password') ?? '' };
  const done = await orFormErrors(() => resetPassword(services, input, from));
  if (Array.isArray(done)) return { status: 422, page: resetPage({ action, token, handle, errors: done }) };
  const page = messagePage({
    title: 'Your password is set',
    text: `The account ${done.handle} has its new password. Every browser and every app was signed out.`,
    wayOn: 'Go back to your app and connect it again; it will ask you to sign in.',
  });
  return { status: 200, page };
}
