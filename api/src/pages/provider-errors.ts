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
  too_many_requests: {
    title: 'Too many attempts',
    text: 'There were too many attempts from your address in a short time, so this one was not tried.',
    wayOn: 'Wait until the time that is told below, and try again. Nothing is lost meanwhile.',
  },
  temporarily_unavailable: {
    title: 'Picard is not there just now',
    text: 'The server cannot reach its database, so nothing was done.',
    wayOn: 'Try again in a few seconds.',
  },
  server_error: {
    title: 'Something went wrong',
    text: 'It is our fault, not yours. It has been noted, and nothing was changed.',
    wayOn: 'Try again in a moment. If it stays, tell the administrator of this server.',
  },
};

/** The library's words for a client that names itself by an address which gave nothing (Client ID Metadata Document). */
const UNREACHABLE_DOCUMENT = /metadata document fetch failed/;
const unreachable: Pick<Message, 'title' | 'text' | 'wayOn'> = {
  title: 'The app could not be looked up',
  text: 'The app names itself by a document on the internet, and this server could not fetch it.',
  wayOn:
    'Try again in a moment. If this server has no internet, connect the app with an API key, or have it register by itself.',
};

const unclear = {
  title: 'This did not work',
  text: 'The app sent you here with a request that is not complete, or not as it must be.',
  wayOn: BEGIN_AGAIN,
};

export const ended: Message = {
  title: 'This sign-in is over',
  text: 'It was begun too long ago, it is done already, or it was begun in another browser or without cookies.',
  wayOn: BEGIN_AGAIN,
};

export function errorMessage(
  { error, error_description: description }: ErrorHook[1],
  cause: ErrorHook[2],
): Message {
  if (cause.name === 'SessionNotFound') return ended;
  const message = UNREACHABLE_DOCUMENT.test(description ?? '') ? unreachable : (messages[error] ?? unclear);
  if (error === 'server_error' || error === 'temporarily_unavailable') return message;
  return { ...message, detail: description ? `${error}: ${description}` : error };
}

/** For the forms of people that no app has begun: they were sent too late, twice, or by a browser that keeps no cookies. */
export function staleForm(path: string): Message | null {
  const text =
    'The page was open for too long, was sent already, or this browser keeps no cookies. Nothing was done.';
  if (path === '/device')
    return {
      title: 'This page is over',
      text,
      link: { url: '/device', label: 'Enter the code again' },
    };
  if (path === '/oauth/logout/confirm')
    return {
      title: 'This page is over',
      text,
      link: { url: '/oauth/logout', label: 'Go to sign-out' },
    };
  return null;
}

const wrongCodes: Readonly<Record<string, string>> = {
  NoCodeError: 'Enter the code that your device shows.',
  NotFoundError: 'This code is not known. Compare it with what your device shows.',
  ExpiredError: 'This code has expired. Have your device show another one.',
  AlreadyUsedError: 'This code was used already. Have your device show another one.',
  TooManyRequests:
    'Too many codes that are not known came from your address. Wait a quarter of an hour, and try again.',
};

/** What is wrong with a code that was entered, by the library's name for it. */
export function codeErrors(name: string | undefined): FormError[] {
  if (name === undefined) return [];
  const message = wrongCodes[name];
  if (message) return [{ field: 'user_code', message }];
  return [{ field: null, message: 'This page was open for too long. Enter the code again.' }];
}
