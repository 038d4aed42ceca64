import { CliError } from './cli-error.ts';
import { openDoor } from './door.ts';
import { readSettings, serverOf, type CliSettings } from './settings.ts';

export interface AccountLinkCommand {
  claim?: true;
  reset?: true;
}

const document = `mutation CreateAccountLink($input: CreateAccountLinkInput!) {
  createAccountLink(input: $input) {
    ... on CreateAccountLinkPayload { user { handle } purpose path expiresAt }
    ... on UserError { code message }
  }
}`;
interface Made {
  user: { handle: string };
  purpose: 'CLAIM' | 'RESET';
  path: string;
  expiresAt: string;
}
interface Answer {
  createAccountLink: Made | { code: string; message: string };
}

/** Prints where the owner of an account can claim it, or set a new password. */
export async function printAccountLink(handle: string, { claim, reset }: AccountLinkCommand): Promise<void> {
  const settings = readSettings();
  await using door = await openDoor(settings, { administrator: true });
  const purpose = claim ? 'CLAIM' : reset ? 'RESET' : null;
  const { createAccountLink: made } = await door.ask<Answer>(document, { input: { handle, purpose } });
  if (!('path' in made)) throw new CliError(made.code, made.message);
  const { publicUrl } = (await serverOf(settings)) ?? { publicUrl: addressOf(settings) };
  const url = new URL(made.path, publicUrl);
  const what = made.purpose === 'CLAIM' ? 'claim the account' : 'set a new password for the account';
  const until = `${made.expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  process.stdout.write(
    `${url.href}\n\nWhoever opens this can ${what} ${made.user.handle}, once, until ${until}. ` +
      'Hand it to its owner and to nobody else.\n' +
      (door.url ? '' : 'The server does not run: start it before the link is opened.\n'),
  );
}

/** Where people will reach a server that does not run. */
function addressOf({ config }: CliSettings): URL {
  return new URL(config.publicUrl ?? `http://localhost:${config.port}`);
}
