import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { answerError } from './answer-error.ts';
import type { PageHooks } from './page-hooks.ts';

/** 429, as an error of OAuth; the code is the one that MCP's SDKs know. */
export class TooManyRequests extends errors.OIDCProviderError {
  /** Whole seconds, for Retry-After. */
  readonly retryAfterSeconds: number;
  /** @param why reads on with when to try again. */
  constructor(why: string, seconds: number) {
    super(429, 'too_many_requests');
    const whole = Math.max(1, Math.ceil(seconds));
    const time = whole < 120 ? `${whole} seconds` : `${Math.ceil(whole / 60)} minutes`;
    this.error_description = `${why}. Try again in ${time}.`;
    this.retryAfterSeconds = whole;
  }
}

/** With when to try again, which any site may read where it is no page. */
export async function answerTooMany(
  ctx: KoaContextWithOIDC,
  error: TooManyRequests,
  pages: Pick<PageHooks, 'error'>,
): Promise<void> {
  const out = { error: error.error, error_description: error.error_description };
  ctx.set({ 'retry-after': String(error.retryAfterSeconds), 'cache-control': 'no-store' });
  await answerError(ctx, pages, { status: error.status, out }, error);
  if (!ctx.response.is('html'))
    ctx.set({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'Retry-After' });
}
