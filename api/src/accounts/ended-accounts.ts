/** Word of an account that is suspended. Its payload is the account's id. */
export const SUSPENDED_CHANNEL = 'picard_suspended_accounts';

/** Ends in this process what is held open for an account: its streams. */
export class EndedAccounts {
  readonly #open = new Map<string, AbortController>();

  /** Aborts when the account is suspended or deleted, whichever process does it. */
  signal(accountId: string): AbortSignal {
    const controller = this.#open.get(accountId) ?? new AbortController();
    this.#open.set(accountId, controller);
    return controller.signal;
  }

  end(accountId: string): void {
    this.#open.get(accountId)?.abort();
    this.#open.delete(accountId);
  }
}
