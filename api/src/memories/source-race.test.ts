import { expect, test } from 'vitest';
import { afterRaces } from './source-race.ts';

const taken = Object.assign(new Error('duplicate'), { code: '23505', constraint_name: 'memories_source' });
const deadlock = Object.assign(new Error('deadlock'), { code: '40P01' });
const other = Object.assign(new Error('duplicate'), { code: '23505', constraint_name: 'memories_pkey' });

/** Fails with each of these in turn, then answers how often it was asked. */
function failing(...errors: Error[]): () => Promise<number> {
  let asked = 0;
  return async () => {
    const error = errors[asked];
    asked += 1;
    if (error) throw error;
    return asked;
  };
}

test('P26 a race for a source is run again, up to three times', async () => {
  expect(await afterRaces(failing())).toBe(1);
  expect(await afterRaces(failing(taken))).toBe(2);
  expect(await afterRaces(failing(deadlock, taken))).toBe(3);
  await expect(afterRaces(failing(taken, deadlock, taken))).rejects.toBe(taken);
});

test('P26 whatever else fails is not run again', async () => {
  await expect(afterRaces(failing(other))).rejects.toBe(other);
  await expect(afterRaces(failing(deadlock, other))).rejects.toBe(other);
});
