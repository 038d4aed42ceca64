import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../storage/database.ts';
import { TooManyAttempts } from './sign-in-errors.ts';

/** So many points, all given back when so many seconds have passed since the first was taken. */
export interface Limit {
  points: number;
  seconds: number;
}

/** Counters that all processes share, by the name of a limit and a key of any length. */
export interface Throttle<Name extends string> {
  /** @throws {TooManyAttempts} when the points are used up. */
  take(limit: Name, key: string): Promise<void>;
  /** What `take` took, when it turned out to count for nothing. */
  giveBack(limit: Name, key: string): Promise<void>;
  /** Keeps a key in mind for the time of the limit, from now on. */
  mark(limit: Name, key: string): Promise<void>;
  marked(limit: Name, key: string): Promise<boolean>;
  forget(limit: Name, key: string): Promise<void>;
}

/** Exact across processes: a point is one upsert in Postgres. While the database is away each process counts by itself. */
export function createThrottle<Name extends string>(
  database: Pick<Database, 'forAccounts'>,
  limits: Readonly<Record<Name, Limit>>,
): Throttle<Name> {
  const storeClient = adapt(database);
  const limiters = new Map(
    Object.entries<Limit>(limits).map(([name, { points, seconds: duration }], index) => [
      name,
      new RateLimiterPostgres({
        storeClient,
        storeType: 'client',
        tableName: 'rate_limits',
        tableCreated: true,
        // One of them clears what expired under every name.
        clearExpiredByTimeout: index === 0,
        keyPrefix: name,
        points,
        duration,
        insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration }),
      }),
    ]),
  );
  const limiter = (name: Name): RateLimiterPostgres => {
    const found = limiters.get(name);
    if (!found) throw new Error(`There is no limit ${name}`);
    return found;
  };
  return {
    async take(name, key) {
      try {
        await limiter(name).consume(hashed(key));
      } catch (error) {
        throw error instanceof RateLimiterRes ? new TooManyAttempts(error.msBeforeNext / 1_000) : error;
      }
    },
    async giveBack(name, key) {
      await limiter(name).reward(hashed(key));
    },
    async mark(name, key) {
      await limiter(name).set(hashed(key), 1, limits[name].seconds);
    },
    async marked(name, key) {
      return ((await limiter(name).get(hashed(key)))?.consumedPoints ?? 0) > 0;
    },
    async forget(name, key) {
      await limiter(name).delete(hashed(key));
    },
  };
}

/** People type passwords where a handle is asked for: what was typed is not kept, and neither are addresses. */
const hashed = (key: string): string => createHash('sha256').update(key).digest('base64url');

interface Query {
  text: string;
  values: (string | number | null)[];
}
interface Row {
  points: number;
  expire: bigint | null;
}

/** The part of the `pg` package's client that the limiter calls. */
function adapt(database: Pick<Database, 'forAccounts'>): { query(query: Query): Promise<unknown> } {
  return {
    query: ({ text, values }) =>
      database.forAccounts(async (sql) => {
        const found = await sql.unsafe<Row[]>(text, values, { prepare: true });
        // The limiter counts with numbers: milliseconds since 1970 fit.
        const rows = found.map(({ points, expire }) => ({
          points,
          expire: expire === null ? null : Number(expire),
        }));
        return { rows, rowCount: found.count };
      }),
  };
}
