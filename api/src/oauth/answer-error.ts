import type { errors, KoaContextWithOIDC } from 'oidc-provider';
import type { PageHooks } from './page-hooks.ts';

export interface ErrorAnswer {
  status: number;
  /** As OAuth has errors (RFC 6749 section 5.2). */
  out: { error: string; error_description?: string | undefined };
}

/** In place of whatever the answer was to be: a page for who is shown pages, else JSON. */
export async function answerError(
  ctx: KoaContextWithOIDC,
  pages: Pick<PageHooks, 'error'>,
  { status, out }: ErrorAnswer,
  error: errors.OIDCProviderError | Error,
): Promise<void> {
  ctx.status = status;
  if (ctx.accepts('json', 'html') === 'html') await pages.error(ctx, out, error);
  else ctx.body = out;
}
