import type { PageHooks } from '../oauth/page-hooks.ts';
import type { FormError } from './fields.ts';
import type { Message } from './message-page.ts';

type ErrorHook = Parameters<PageHooks['error']>;

const BEGIN_AGAIN = 'Go back to the app and connect it again.';

/** What the errors that nobody but a person will see mean for them, by the code of RFC 6749 section 4.1.2.1 and others. */
const messages: Readonly<Record<string, Pick<Message, 'title' | 'text' | 'wayOn'>>> = {
  access_denied: {
    title: 'Not connected',
    text: 'The app was not allowed to use your memories.',
    wayOn: 'You can close this page, or begin again in the app.',
  },
  invalid_client: {
    title: 'This app is not known here',
    text: 'The app that sent you has not registered with this server, or its registration has ended.',
    wayOn: 'Go back to the app, remove Picard there and add it again.',
  },
  invalid_client_metadata: {
    title: 'This app cannot be connected',
    text: 'What the app says of itself could not be read, or is not allowed here.',
    wayOn: 'Whoever makes the app can mend that; show them the line below.',
  },
  invalid_redirect_uri: {
    title: 'This app cannot be connected',
    text: 'The app asks to be answered at an address that it has not registered. Somebody may be posing as it.',
    wayOn: 'If you trust the app, remove Picard there and add it again.',
  },
  invalid_target: {
    title: 'This app asks for something else',
    text: 'The app asks for a part of Picard that is not here.',
    wayOn: 'Look whether the address of Picard in the app is right.',
  },
  server_error: {
    title: 'Something went wrong',
    text: 'It is our fault, not yours. It has been noted, and nothing was changed.',
    wayOn: 'Try again in a moment. If it stays, tell the administrator of this server.',
  },
};

const unclear = {
  title: 'This did not work',
  text: 'The app sent you here with a request that is not complete, or not as it must be.',
  wayOn: BEGIN_AGAIN,
};

export const ended: Message = {
  title: 'This sign-in has ended',
  text: 'It was begun too long ago, it is done already, or this browser did not begin it.',
  wayOn: BEGIN_AGAIN,
};

export function errorMessage(
  { error, error_description: description }: ErrorHook[1],
  cause: ErrorHook[2],
): Message {
  if (cause.name === 'SessionNotFound') return ended;
  const message = messages[error] ?? unclear;
  if (error === 'server_error') return message;
  return { ...message, detail: description ? `${error}: ${description}` : error };
}

const wrongCodes: Readonly<Record<string, string>> = {
  NoCodeError: 'Enter the code that your device shows.',
  NotFoundError: 'This code is not known. Compare it with what your device shows.',
  ExpiredError: 'This code has expired. Have your device show another one.',
  AlreadyUsedError: 'This code was used already. Have your device show another one.',
};

/** What is wrong with a code that was entered, by the library's names. */
export function codeErrors(error: Error | undefined): FormError[] {
  if (!error) return [];
  const message = wrongCodes[error.name];
  if (message) return [{ field: 'user_code', message }];
  return [{ field: null, message: 'This page was open for too long. Enter the code again.' }];
}
