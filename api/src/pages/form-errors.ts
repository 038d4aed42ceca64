import { HandleReserved, HandleTaken } from '../accounts/errors.ts';
import { InvalidInput } from '../invalid-input.ts';
import type { FormError } from './fields.ts';

const LABELS: Readonly<Record<string, string>> = {
  handle: 'The handle',
  displayName: 'The display name',
  password: 'The password',
};

/** What was left empty, all at once. @param messages what to say, by the name of the field. */
export function missing(messages: Readonly<Record<string, string>>, form: URLSearchParams): FormError[] {
  return Object.entries(messages)
    .filter(([name]) => (form.get(name) ?? '').trim() === '')
    .map(([field, message]) => ({ field, message }));
}

/** Who somebody would like to be, with what is missing for it. */
export const missingOfAccount = (form: URLSearchParams): FormError[] =>
  missing({ handle: 'Choose a handle.', password: 'Choose a password.' }, form);

/** Runs what a form asks for; answers what is wrong with the form, where that is all that failed. */
export async function orFormErrors<Value>(work: () => Promise<Value>): Promise<Value | FormError[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HandleTaken) {
      return [{ field: 'handle', message: 'Another account has this handle. Choose another one.' }];
    }
    if (error instanceof HandleReserved) {
      return [{ field: 'handle', message: 'This handle is reserved. Choose another.' }];
    }
    if (!(error instanceof InvalidInput)) throw error;
    const label = LABELS[error.field];
    const message = label ? label + error.message.slice(error.field.length) : error.message;
    return [{ field: label ? error.field : null, message }];
  }
}

/** A field that may be left empty. */
export const optionalText = (form: URLSearchParams, name: string): string | undefined =>
  form.get(name)?.trim() || undefined;
