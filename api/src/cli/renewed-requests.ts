import type { Credential } from './credential.ts';

/** `fetch` for a server: a login that is refused is renewed once, and the request sent once more. */
export function fetchRenewing(credential: Credential): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 401 || credential.kind !== 'login') return response;
    await response.body?.cancel();
    const headers = new Headers(init?.headers);
    const refused = (headers.get('authorization') ?? '').slice('Bearer '.length);
    headers.set('authorization', `Bearer ${await credential.tokenInsteadOf(refused)}`);
    const again = await fetch(input, { ...init, headers });
    if (again.status !== 401) return again;
    await again.body?.cancel();
    throw credential.refused();
  };
}

/** Later than when a token is due, and sooner than it ends. */
const AFTER_DUE_MS = 1_000;

interface Subscription {
  /** Whether it may be begun anew in the middle. */
  continuous?: boolean;
  signal?: AbortSignal;
}

/** A subscription that outlives the token it began with: just before that ends, it begins anew with the next. */
export async function* subscribeRenewing<Request extends Subscription, Result>(
  credential: Credential,
  request: Request,
  subscribe: (request: Request) => AsyncIterable<Result>,
): AsyncGenerator<Result> {
  if (credential.kind !== 'login' || !request.continuous) {
    yield* subscribe(request);
    return;
  }
  const { signal } = request;
  do {
    await credential.token();
    const due = AbortSignal.timeout(Math.ceil(credential.msToRenewal) + AFTER_DUE_MS);
    yield* subscribe({ ...request, signal: signal ? AbortSignal.any([signal, due]) : due });
  } while (!signal?.aborted && credential.msToRenewal === 0);
}
