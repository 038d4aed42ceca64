import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { ACCESS_TOKEN_SECONDS } from '../accounts/access-token-life.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lives in seconds. An app that is used goes on without asking until its grant ends. */
export const tokenLives = {
  AccessToken: (ctx: KoaContextWithOIDC) => withinGrant(ctx, ACCESS_TOKEN_SECONDS),
  ClientCredentials: ACCESS_TOKEN_SECONDS,
  IdToken: HOUR,
  AuthorizationCode: 2 * MINUTE,
  DeviceCode: 10 * MINUTE,
  Interaction: HOUR,
  RefreshToken: (ctx: KoaContextWithOIDC) => withinGrant(ctx, 30 * DAY),
  // Whoever has not signed in has nothing to come back to.
  Session: (_ctx: unknown, { accountId }: { accountId?: string | undefined }) =>
    accountId ? 14 * DAY : HOUR,
  Grant: 365 * DAY,
} satisfies Configuration['ttl'];

/** What comes of a grant ends with it, however late it was issued: a person said until when. */
function withinGrant(ctx: KoaContextWithOIDC, seconds: number): number {
  const end = ctx.oidc.entities.Grant?.exp;
  if (end === undefined) return seconds;
  // The library has just refused a grant that is over; it may be over by now, and takes no life of nothing.
  return Math.max(1, Math.min(seconds, end - Math.floor(Date.now() / 1_000)));
}
