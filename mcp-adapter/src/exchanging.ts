import type { ApiAddresses } from './api-addresses.ts';
import { askStillGood } from './ask-still-good.ts';
import { ExchangedTokens } from './exchanged-tokens.ts';
import { createExchangingAuthenticator } from './exchanging-authenticator.ts';
import { createExchangingExecutor } from './exchanging-executor.ts';
import type { Authenticator, Executor, Principal } from './executor.ts';
import type { Exchange, Subject } from './token-exchange.ts';

/** The two seams of the adapter over an API in another process: what a host sent is exchanged, and never sent on. */
export function exchangingWith(
  exchange: Exchange,
  api: Pick<ApiAddresses, 'graphql' | 'userinfo'>,
): { authenticator: Authenticator; executor: Executor } {
  const tokens = new ExchangedTokens(exchange);
  /** What was sent is kept where no log finds it, and goes with its principal: the request, session or stream. */
  const subjects = new WeakMap<Principal, Subject>();
  return {
    authenticator: createExchangingAuthenticator({
      exchange,
      tokens,
      isStillGood: (token) => askStillGood(api.userinfo, token),
      remember: (principal, subject) => void subjects.set(principal, subject),
    }),
    executor: createExchangingExecutor({
      url: api.graphql,
      tokens,
      subjectOf(principal) {
        const subject = subjects.get(principal);
        if (!subject) throw new Error('A principal came that this process has not verified.');
        return subject;
      },
    }),
  };
}
