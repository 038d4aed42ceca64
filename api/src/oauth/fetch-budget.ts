import { LRUCache } from 'lru-cache';

const PER_HOST = 20;
const WINDOW_MS = 60_000;
const MAX_HOSTS = 10_000;

/** So many fetches a minute from one host: an authorization request of a stranger must not become a flood elsewhere. */
export function createFetchBudget(perHost = PER_HOST): (url: URL) => boolean {
  const spent = new LRUCache<string, { count: number }>({ max: MAX_HOSTS, ttl: WINDOW_MS });
  return ({ hostname }) => {
    const window = spent.get(hostname) ?? { count: 0 };
    if (window.count === 0) spent.set(hostname, window);
    window.count += 1;
    return window.count <= perHost;
  };
}
