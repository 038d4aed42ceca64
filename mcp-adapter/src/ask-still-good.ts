import { ApiUnavailable } from './exchange-errors.ts';

const TIMEOUT_MS = 5_000;

/** Asks the API about a token that it issued (OpenID Connect Core 5.3): there it is looked up each time. */
export async function askStillGood(userinfo: URL, token: string): Promise<boolean> {
  try {
    const response = await fetch(userinfo, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok || response.status === 401) return response.ok;
  } catch (cause) {
    throw new ApiUnavailable({ cause });
  }
  throw new ApiUnavailable();
}
