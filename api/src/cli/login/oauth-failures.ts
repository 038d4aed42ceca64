import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { CliError } from '../cli-error.ts';
import { printable } from '../printable.ts';

/** The authorization server refused. */
export class OauthRefusal extends CliError {
  /** Its word for why: RFC 6749 section 5.2, RFC 7591 section 3.2.2, RFC 8628 section 3.5. */
  readonly error: string;
  constructor(server: URL, error: string, cause: Error) {
    const why = printable(error);
    super('LOGIN_REFUSED', `The server at ${server.origin} refused what a login needs: ${why}.`, { cause });
    this.error = error;
  }
}

/**
 * Tells failures of the library in our words.
 * @throws {OauthRefusal | CliError} the latter with SERVER_UNREACHABLE: nothing is known of what was asked
 */
export async function told<T>(asked: Promise<T>, server: URL): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const own = ownOf(error);
    if (own) throw own;
    if (error instanceof ResponseBodyError) throw new OauthRefusal(server, error.error, error);
    // A 401 with a challenge (RFC 6749 section 5.2) is of the client, as we show no other credential.
    if (error instanceof WWWAuthenticateChallengeError)
      throw new OauthRefusal(server, 'invalid_client', error);
    throw new CliError(
      'SERVER_UNREACHABLE',
      `The authorization server at ${server.origin} does not answer as it should (${reasonOf(error)}). ` +
        'Check that it runs, and that the address is right.',
      { cause: error },
    );
  }
}

/** The library wraps what the request itself throws. */
function ownOf(error: unknown): CliError | null {
  if (error instanceof CliError) return error;
  return error instanceof Error ? ownOf(error.cause) : null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
