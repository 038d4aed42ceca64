import { beginPasskeySignIn } from '../accounts/begin-passkey-sign-in.ts';
import { signInWithPasskey } from '../accounts/sign-in-with-passkey.ts';
import { sendJson } from '../http/respond.ts';
import { failedAsJson } from './failures.ts';
import { signInPage } from './sign-in-page.ts';
import { common, signedIn } from './sign-in-steps.ts';
import { NOT_RIGHT, show, type Submit } from './step.ts';

/** What the browser asks a passkey, for the script of the sign-in page. */
export const passkeyOptions: Submit = async ({ services, publicUrl, from, response }) => {
  try {
    sendJson(response, 200, await beginPasskeySignIn(services, { origin: publicUrl.origin }, from));
  } catch (error) {
    const { status, message, headers } = failedAsJson(error, services.logger);
    sendJson(response, status, { message }, headers);
  }
};

export const signInByPasskey: Submit = async (step, form) => {
  const { services, publicUrl, from } = step;
  const response = parsed(form.get('response'));
  const account = await signInWithPasskey(services, { origin: publicUrl.origin, response }, from);
  if (account) return signedIn(step, account, ['pop', 'user']);
  const message = 'This passkey was not taken. Try again, or use your password.';
  show(step, signInPage({ ...common(step), errors: [{ field: null, message }] }), NOT_RIGHT);
};

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
