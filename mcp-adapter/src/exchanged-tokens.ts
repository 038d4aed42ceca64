import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Exchange, Exchanged, Subject } from './token-exchange.ts';

/** The part of a token's life in which it is used: one that ends under way would be refused. */
const USED_PART = 0.9;
const MOST_SUBJECTS = 10_000;
/** No token lives longer; what nobody uses is let go. */
const LONGEST_MS = 300_000;

/**
 * The tokens that were exchanged, one for each subject and set of scopes. What the adapter was sent is not among them:
 * subjects are known by their hash.
 */
export class ExchangedTokens {
  readonly #exchange: Exchange;
  readonly #subjects: LRUCache<string, Map<string, Promise<Exchanged>>>;

  constructor(exchange: Exchange, mostSubjects = MOST_SUBJECTS) {
    this.#exchange = exchange;
    this.#subjects = new LRUCache({ max: mostSubjects, ttl: LONGEST_MS, updateAgeOnGet: true });
  }

  /** A token that is good for a while. Whoever asks for the same at the same time shares one exchange. */
  async get(subject: Subject, scopes: readonly string[] | null): Promise<Exchanged> {
    const tokens = this.#of(subject);
    const key = scopes === null ? '*' : [...scopes].sort().join(' ');
    const held = tokens.get(key);
    if (held) {
      const exchanged = await held;
      if (Date.now() < renewalOf(exchanged)) return exchanged;
      if (tokens.get(key) === held) tokens.delete(key);
      return this.get(subject, scopes);
    }
    const exchanging = this.#exchange(subject, scopes);
    tokens.set(key, exchanging);
    try {
      return await exchanging;
    } catch (error) {
      if (tokens.get(key) === exchanging) tokens.delete(key);
      throw error;
    }
  }

  #of(subject: Subject): Map<string, Promise<Exchanged>> {
    const key = keyOf(subject);
    const known = this.#subjects.get(key);
    if (known) return known;
    const tokens = new Map<string, Promise<Exchanged>>();
    this.#subjects.set(key, tokens);
    return tokens;
  }

  /** Forgets what a subject was exchanged for: it has ended, or may have. */
  drop(subject: Subject): void {
    this.#subjects.delete(keyOf(subject));
  }
}

/** When a token is to be replaced, in milliseconds of this process's clock. */
export function renewalOf({ askedAt, endsAt }: Exchanged): number {
  return askedAt + (endsAt - askedAt) * USED_PART;
}

/** Tells subjects apart without keeping them. */
export function keyOf({ token, face }: Subject): string {
  return `${face} ${createHash('sha256').update(token).digest('base64')}`;
}
