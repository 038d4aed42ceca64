import { errors } from 'oidc-provider';
import type { Logger } from 'pino';
import { AccountLinkInvalid, RegistrationClosed, TooManyAttempts } from '../accounts/sign-in-errors.ts';
import { publicError } from '../schema/errors.ts';
import { AccountSuspended } from '../refusals.ts';
import type { Message } from './message-page.ts';
import { PageRefusal } from './page-refusal.ts';
import { ended } from './provider-errors.ts';

/** What a failure becomes: a status, a page that says why and what to do, and headers. */
export function refusalOf(error: unknown, logger: Logger): PageRefusal {
  if (error instanceof PageRefusal) return error;
  if (error instanceof TooManyAttempts) return throttled(error.retryAfterSeconds);
  if (error instanceof errors.SessionNotFound) return new PageRefusal(410, ended);
  if (error instanceof RegistrationClosed) {
    return new PageRefusal(403, {
      title: 'No new accounts',
      text: error.message,
      wayOn: 'If you have one already, go back and sign in.',
    });
  }
  if (error instanceof AccountSuspended) {
    return new PageRefusal(403, {
      title: 'This account is suspended',
      text: `${error.message} (${error.code})`,
      wayOn: 'If you have another account, go back and sign in with that one.',
    });
  }
  if (error instanceof AccountLinkInvalid) return new PageRefusal(410, linkIsOver);
  const { extensions, message } = publicError(error, logger);
  if (extensions['code'] !== 'UNAVAILABLE') return new PageRefusal(500, wrong);
  return new PageRefusal(
    503,
    { title: 'Picard cannot answer just now', text: message },
    { 'retry-after': '3' },
  );
}

/** The same, for a script of ours. */
export function failedAsJson(
  error: unknown,
  logger: Logger,
): { status: number; message: string; headers: Record<string, string> } {
  const { status, page, headers } = refusalOf(error, logger);
  return { status, headers, message: [page.text, page.wayOn].filter(Boolean).join(' ') };
}

function throttled(seconds: number): PageRefusal {
  const minutes = Math.ceil(seconds / 60);
  const wait = seconds < 100 ? counted(seconds, 'second') : counted(minutes, 'minute');
  const time = new Date(Date.now() + seconds * 1_000).toISOString().slice(11, 16);
  return new PageRefusal(
    429,
    {
      title: 'Too many attempts',
      text: `There were too many attempts in a short time, so this one was not tried.`,
      wayOn: `Try again in ${wait}, from ${time} UTC on: go back then, and send it once more. Nothing is lost meanwhile.`,
    },
    { 'retry-after': String(seconds) },
  );
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const wrong: Message = {
  title: 'Something went wrong',
  text: 'It is our fault, not yours. It has been noted, and nothing was changed.',
  wayOn: 'Go back and try again. If it stays, tell the administrator of this server.',
};

const linkIsOver: Message = {
  title: 'This link is not good any more',
  text: 'It was used already, it has expired, or not all of it was copied. Each link is good once.',
  wayOn: 'Ask the administrator of this server for another one.',
};
