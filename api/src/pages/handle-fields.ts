import { MIN_LENGTH } from '../accounts/password.ts';
import type { Field } from './fields.ts';

/** Who somebody wants to be here: to register, and to claim an account that was made for them. */
export const newHandle = (value: string | undefined): Field => ({
  name: 'handle',
  label: 'Handle',
  autocomplete: 'username',
  hint: 'Others know you by it: small letters, digits, hyphens or underscores, such as anna-b.',
  verbatim: true,
  value,
});

export const displayName = (value: string | undefined): Field => ({
  name: 'displayName',
  label: 'Display name',
  autocomplete: 'name',
  hint: 'As you would like to be shown. Your handle, unless you say.',
  optional: true,
  value,
});

export const newPassword: Field = {
  name: 'password',
  label: 'New password',
  type: 'password',
  autocomplete: 'new-password',
  hint: `At least ${MIN_LENGTH} characters. A few words in a row are good, and easy to type.`,
};

/** To sign in with. */
export const handle = (value: string | undefined): Field => ({
  name: 'handle',
  label: 'Handle',
  autocomplete: 'username',
  verbatim: true,
  value,
});
