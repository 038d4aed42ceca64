import { ApiUnavailable, TokenRefused } from './exchange-errors.ts';

/** A `fetch` of the API that throws where there is no answer to read: the token was refused, or the API is away. */
export function refusalsOf(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init).catch((cause: unknown) => {
      if (init?.signal?.aborted) throw cause;
      throw new ApiUnavailable({ cause });
    });
    const isAway = [502, 503, 504].includes(response.status);
    if (response.status !== 401 && !isAway) return response;
    await response.body?.cancel();
    throw isAway ? new ApiUnavailable() : new TokenRefused();
  };
}
