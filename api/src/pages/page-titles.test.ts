import { expect, it } from 'vitest';
import { claimPage, resetPage } from './account-link-pages.ts';
import type { FormError } from './fields.ts';
import type { Page } from './layout.ts';
import { recoveryCodePage } from './recovery-code-page.ts';
import { recoveryCodesPage } from './recovery-codes-page.ts';
import { registerPage } from './register-page.ts';
import { signInPage } from './sign-in-page.ts';

const client = {
  name: 'Notebook',
  documentHost: null,
  destination: { kind: 'web', host: 'app.example' },
  selfDeclared: true,
} as const;
const at = '/interaction/abc';
const publicUrl = new URL('https://picard.example');

/** Each form page, by what is wrong with what was sent. */
const forms: Record<string, (errors: FormError[]) => Page> = {
  'sign in': (errors) => signInPage({ at, client, publicUrl, registrationOpen: true, errors }),
  register: (errors) => registerPage({ at, client, errors }),
  'recovery code': (errors) => recoveryCodePage({ at, client, errors }),
  claim: (errors) => claimPage({ action: '/account/claim', token: 't', errors }),
  reset: (errors) => resetPage({ action: '/account/reset', token: 't', handle: 'anna', errors }),
};

it.each(Object.entries(forms))(
  '%s tells in its title that something is wrong, and what above the form',
  (_name, page) => {
    const right = page([]);
    const wrong = page([{ field: null, message: 'Not so.' }]);
    expect(right.title).not.toMatch(/^Error/);
    expect(wrong.title).toBe(`Error: ${right.title}`);
    expect(wrong.main.toString()).toContain('Not so.');
    expect(right.main.toString().match(/<h1>/g)).toHaveLength(1);
  },
);

it('tells password managers what each field is for', () => {
  const tokens = (page: Page) =>
    [...page.main.toString().matchAll(/autocomplete="([^"]+)"/g)].map(([, token]) => token);
  expect(tokens(forms['sign in']!([]))).toEqual(['username', 'current-password']);
  expect(tokens(forms['register']!([]))).toEqual(['username', 'name', 'new-password']);
  expect(tokens(forms['recovery code']!([]))).toEqual(['username', 'one-time-code']);
  expect(tokens(forms['claim']!([]))).toEqual(['username', 'name', 'new-password']);
  expect(tokens(forms['reset']!([]))).toEqual(['username', 'new-password']);
});

it('names on the paper whose codes they are, and where', () => {
  const page = recoveryCodesPage({ handle: 'anna', codes: ['a-b'], host: 'picard.example', next: null });
  expect(page.main.toString()).toMatch(/<strong>anna<\/strong> at <strong>picard\.example<\/strong>/);
});
