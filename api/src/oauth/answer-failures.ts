import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../storage/errors.ts';
import { answerError, type ErrorAnswer } from './answer-error.ts';
import type { PageHooks } from './page-hooks.ts';
import { RequestTooSlow } from './request-transaction.ts';

const FAILED: ErrorAnswer = {
  status: 500,
  out: { error: 'server_error', error_description: 'Something failed here. It was logged.' },
};
const AWAY: ErrorAnswer = {
  status: 503,
  out: { error: 'temporarily_unavailable', error_description: 'Try again in a few seconds.' },
};

/** What nobody expected: logged, and told without a word of what it was. The library's own answer says too little of a wait. */
export function answerFailures(provider: Provider, logger: Logger, pages: () => PageHooks): void {
  const failures = new WeakMap<object, Error>();
  provider.on('server_error', (ctx, error) => {
    failures.set(ctx, error);
    logger.error({ error: error.name, path: ctx.path }, 'A request to the authorization server failed');
  });
  provider.use(async (ctx, next) => {
    const oidcContext = ctx as KoaContextWithOIDC;
    let unanswered: Error | undefined;
    try {
      await next();
    } catch (error) {
      unanswered = error instanceof Error ? error : new Error('Something that is no error was thrown');
      if (!(error instanceof DatabaseUnavailable))
        logger.error({ err: error }, 'The authorization server failed');
    }
    const failure = unanswered ?? failures.get(ctx);
    if (failure instanceof DatabaseUnavailable || failure instanceof RequestTooSlow) {
      ctx.set('retry-after', '3');
      await answerError(oidcContext, pages(), AWAY, failure);
    } else if (unanswered) await answerError(oidcContext, pages(), FAILED, unanswered);
  });
}
