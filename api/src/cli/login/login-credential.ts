import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { printable } from '../printable.ts';
import type { Tokens } from './authorization-server.ts';
import { changeLogins } from './change-logins.ts';
import type { AccessToken, Login, Logins } from './logins-file.ts';

/** A token is renewed before it ends, so that it does not end on its way. */
const RENEW_BEFORE_MS = 60_000;
/**
 * A server takes the same refresh token again from whoever got no answer: not so soon that it looks like two at once
 * (250 ms), nor later than 30 seconds (docs/decisions/0015).
 */
const ASK_AGAIN_MS = 1_000;

/** Acts with a login: gives its access token, and gets another when that ends or is refused. */
export class LoginCredential {
  readonly kind = 'login';
  readonly #file: string;
  /** The server's name in the file. */
  readonly #server: string;
  readonly #account: Login['account'];
  #token: AccessToken | null;
  #renewing: Promise<AccessToken> | undefined;

  constructor(file: string, server: string, { account, accessToken }: Login) {
    this.#file = file;
    this.#server = server;
    this.#account = account;
    this.#token = accessToken;
  }

  /** A token that is good for the next request. @throws {CliError} UNAUTHENTICATED when the login has ended */
  async token(): Promise<string> {
    return this.#token && msLeft(this.#token) > 0 ? this.#token.value : this.#renewed(null);
  }

  /** A token in place of one that was refused before its time. @throws {CliError} as `token` */
  async tokenInsteadOf(refused: string): Promise<string> {
    return this.#renewed(refused);
  }

  /** How long what `token` answers stays the same. */
  get msToRenewal(): number {
    return this.#token ? Math.max(0, msLeft(this.#token)) : 0;
  }

  /** For when a token that was renewed just now is refused as well. */
  refused(): CliError {
    return this.#ended(
      'is refused, though it was renewed just now. Perhaps this app is paused: see your connected apps',
    );
  }

  async #renewed(refused: string | null): Promise<string> {
    this.#renewing ??= changeLogins(this.#file, (logins, save) => this.#renew(logins, save, refused)).finally(
      () => (this.#renewing = undefined),
    );
    this.#token = await this.#renewing;
    return this.#token.value;
  }

  async #renew(logins: Logins, save: () => Promise<void>, refused: string | null): Promise<AccessToken> {
    const server = logins.servers[this.#server];
    const login = server?.login;
    if (!login) throw this.#ended('was logged out');
    if (login.account.id !== this.#account.id)
      throw this.#ended(`made way for that of ${printable(login.account.handle)}. Start this command again`);
    const { accessToken } = login;
    // Another process may have been quicker.
    if (accessToken && msLeft(accessToken) > 0 && accessToken.value !== refused) return accessToken;
    const tokens = await this.#refresh(server.issuer, server.clientId, login.refreshToken);
    server.login = {
      ...login,
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken ?? login.refreshToken,
      renewedAt: new Date().toISOString(),
    };
    await save();
    return tokens.accessToken;
  }

  async #refresh(issuer: string, clientId: string, refreshToken: string): Promise<Tokens> {
    // Most commands have a token that lives, and need none of this.
    const { AuthorizationServer } = await import('./authorization-server.ts');
    const { OauthRefusal } = await import('./oauth-failures.ts');
    const ask = async (): Promise<Tokens> => {
      const server = await AuthorizationServer.connect(new URL(issuer), this.#server, clientId);
      return server.refresh(refreshToken);
    };
    try {
      return await ask().catch(async (error: unknown) => {
        if (!(error instanceof CliError) || error.code !== 'SERVER_UNREACHABLE') throw error;
        await sleep(ASK_AGAIN_MS);
        return ask();
      });
    } catch (error) {
      const over = error instanceof OauthRefusal && /^invalid_(grant|client)$/.test(error.error);
      if (!over) throw error;
      throw this.#ended(
        'has ended: it was disconnected, not used for too long, or the server’s last answer to it was lost',
        error,
      );
    }
  }

  #ended(how: string, cause?: Error): CliError {
    return new CliError(
      'UNAUTHENTICATED',
      `The login of ${printable(this.#account.handle)} at ${this.#server} ${how}. ` +
        `To log in again: picard login --url ${this.#server}`,
      { cause },
    );
  }
}

/** Until it is due to be renewed. */
function msLeft({ expiresAt }: AccessToken): number {
  return Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS;
}
