import { postgresCode, violatesUnique } from '../storage/errors.ts';

const ATTEMPTS = 3;
const DEADLOCK = '40P01';

/**
 * Does the work again when another request took the same source between our look and our write, or when two batches
 * wait for each other's sources. The second look finds the winner, so the caller gets a named error.
 */
export async function afterRaces<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const raced = violatesUnique(error, 'memories_source') || postgresCode(error) === DEADLOCK;
      if (!raced || attempt === ATTEMPTS) throw error;
    }
  }
}
