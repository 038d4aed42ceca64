import { LRUCache } from 'lru-cache';
import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { addressBlock } from '../accounts/address-block.ts';
import { TooManyAttempts } from '../accounts/sign-in-errors.ts';
import { createThrottle, type Limit } from '../accounts/throttle.ts';
import type { Database } from '../storage/database.ts';
import type { AddressOf } from '../trusted-proxies.ts';
import type { ListedClients } from './listed-clients.ts';
import { TooManyRequests } from './too-many-requests.ts';

const QUARTER = 900;
const HOUR = 3_600;

/**
 * All are by address, which many people and hosts may share. What leaves rows behind counts whole; of requests for tokens
 * only those that fail do, so that whoever shows what is good pays nothing. One client there has fewer failures than all,
 * so that one that goes on and on does not use up what its neighbours have.
 */
export const REQUEST_LIMITS = {
  'oauth-register': { points: 300, seconds: HOUR },
  'oauth-device': { points: 100, seconds: QUARTER },
  'oauth-page': { points: 600, seconds: QUARTER },
  'oauth-failure-client': { points: 100, seconds: QUARTER },
  'oauth-failure-address': { points: 600, seconds: QUARTER },
  // Of 20^8 codes; a device shows one for ten minutes (RFC 8628 section 5.1).
  'oauth-user-code': { points: 20, seconds: QUARTER },
} as const satisfies Record<string, Limit>;
type RequestLimit = keyof typeof REQUEST_LIMITS;

const WHY: Readonly<Record<RequestLimit, string>> = {
  'oauth-register': 'Too many apps have registered from this address',
  'oauth-device': 'Too many device codes were asked for from this address',
  'oauth-page': 'Too many sign-ins, devices or sign-outs were begun from this address',
  'oauth-failure-client': 'Too many requests of this client have failed',
  'oauth-failure-address': 'Too many requests from this address have failed',
  'oauth-user-code': 'Too many codes that are not known were entered from this address',
};

const COUNTED: Readonly<Record<string, RequestLimit>> = {
  'POST /oauth/register': 'oauth-register',
  'POST /oauth/device_authorization': 'oauth-device',
  'GET /oauth/authorize': 'oauth-page',
  'POST /oauth/authorize': 'oauth-page',
  'GET /device': 'oauth-page',
  'POST /device': 'oauth-page',
  'GET /oauth/logout': 'oauth-page',
};
const FAILURES_COUNTED: ReadonlySet<string> = new Set([
  'POST /oauth/token',
  'POST /oauth/revoke',
  'POST /oauth/introspect',
]);
/** What a device hears while its person has not decided (RFC 8628 section 3.5). */
const NOT_A_FAILURE: ReadonlySet<unknown> = new Set(['authorization_pending', 'slow_down']);

type Context = Pick<KoaContextWithOIDC, 'method' | 'path' | 'status' | 'body' | 'req'> &
  Partial<Pick<KoaContextWithOIDC, 'oidc'>>;

export interface RequestLimits {
  /** Runs a request, unless there were too many. @throws {TooManyRequests} before, or in place of a failure */
  limited(ctx: Context, run: () => Promise<void>): Promise<void>;
  /** Looks for the device that shows a code which a person has entered. @throws {TooManyRequests} */
  guessed<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined>;
}

/** Counted in the database, so they are exact over all instances. */
export function createRequestLimits(
  database: Pick<Database, 'forAccounts'>,
  addressOf: AddressOf,
  listed: Pick<ListedClients, 'has'>,
): RequestLimits {
  const throttle = createThrottle(database, REQUEST_LIMITS);
  /** Refused without asking the database, until the points are given back. */
  const usedUp = new LRUCache<string, true>({ max: 10_000 });

  function refuseUsedUp(limit: RequestLimit, key: string): void {
    const left = usedUp.getRemainingTTL(`${limit} ${key}`);
    if (left > 0) throw new TooManyRequests(WHY[limit], left / 1_000);
  }

  async function take(limit: RequestLimit, key: string): Promise<void> {
    refuseUsedUp(limit, key);
    try {
      await throttle.take(limit, key);
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      usedUp.set(`${limit} ${key}`, true, { ttl: error.retryAfterSeconds * 1_000 });
      throw new TooManyRequests(WHY[limit], error.retryAfterSeconds);
    }
  }

  async function countFailure({ status, body, oidc }: Context, address: string): Promise<void> {
    const error = (body as { error?: unknown } | null | undefined)?.error;
    if (status < 400 || status >= 500 || NOT_A_FAILURE.has(error)) return;
    const client = oidc?.client?.clientId;
    // The MCP adapter passes on what others sent it; that it is itself has been proved.
    if (listed.has(client) && error !== 'invalid_client') return;
    if (client !== undefined) await take('oauth-failure-client', `${client} ${address}`);
    await take('oauth-failure-address', address);
  }

  return {
    async limited(ctx, run) {
      // HEAD is answered as GET is, and does as much.
      const asked = `${ctx.method.replace('HEAD', 'GET')} ${ctx.path}`;
      const limit = Object.hasOwn(COUNTED, asked) ? COUNTED[asked] : undefined;
      if (!limit && !FAILURES_COUNTED.has(asked)) return run();
      const address = addressBlock(addressOf(ctx.req));
      if (limit) await take(limit, address);
      else refuseUsedUp('oauth-failure-address', address);
      await run();
      if (!limit) await countFailure(ctx, address);
    },
    async guessed(look) {
      const { ctx } = Provider;
      if (!ctx) return look();
      const address = addressBlock(addressOf(ctx.req));
      // Taken before, so that guesses at the same time count too.
      await take('oauth-user-code', address);
      const found = await look();
      if (found !== undefined) await throttle.giveBack('oauth-user-code', address);
      return found;
    },
  };
}
