import { expect, test } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

const failing = () => Promise.reject(new Error('failed'));
const always = () => true;

function breakerWithClock() {
  const clock = { now: 0 };
  const breaker = new CircuitBreaker({ failuresToOpen: 2, openMs: 1000, now: () => clock.now });
  return { breaker, clock };
}

async function fail(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await expect(breaker.run(failing, always)).rejects.toThrow('failed');
}

test('it opens after failures in a row and says when to come back', async () => {
  const { breaker, clock } = breakerWithClock();
  await fail(breaker, 2);
  clock.now = 400;
  const refused = breaker.run(failing, always);
  await expect(refused).rejects.toMatchObject({ code: 'MODEL_CIRCUIT_OPEN', retryAfterMs: 600 });
});

test('a success in between counts anew', async () => {
  const { breaker } = breakerWithClock();
  await fail(breaker, 1);
  await breaker.run(async () => 'fine', always);
  await fail(breaker, 1);
  expect(breaker.state).toBe('closed');
});

test('errors that are no failure of the server do not open it', async () => {
  const { breaker } = breakerWithClock();
  for (let i = 0; i < 5; i++) await expect(breaker.run(failing, () => false)).rejects.toThrow('failed');
  expect(breaker.state).toBe('closed');
});

test('one trial runs at a time when it is half-open, and a success closes it', async () => {
  const { breaker, clock } = breakerWithClock();
  await fail(breaker, 2);
  clock.now = 1000;
  const trial = Promise.withResolvers<string>();
  const answer = breaker.run(() => trial.promise, always);
  await expect(breaker.run(failing, always)).rejects.toMatchObject({ code: 'MODEL_CIRCUIT_OPEN' });
  trial.resolve('fine');
  expect(await answer).toBe('fine');
  expect(breaker.state).toBe('closed');
});

test('a failed trial keeps it open for another while', async () => {
  const { breaker, clock } = breakerWithClock();
  await fail(breaker, 2);
  clock.now = 1000;
  await fail(breaker, 1);
  expect(breaker.state).toBe('open');
  clock.now = 2000;
  expect(breaker.state).toBe('half-open');
});

test('a trial that was given up lets another try', async () => {
  const { breaker, clock } = breakerWithClock();
  await fail(breaker, 2);
  clock.now = 1000;
  await expect(breaker.run(failing, () => false)).rejects.toThrow('failed');
  expect(await breaker.run(async () => 'fine', always)).toBe('fine');
});
