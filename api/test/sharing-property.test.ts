import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestPicard, type TestPicard } from './picard.ts';
import { anyStep, anyWorld, type Step } from './sharing-arbitraries.ts';
import { openWorld, takeStep } from './sharing-steps.ts';
import { check } from './sharing-check.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
});
afterAll(() => picard[Symbol.asyncDispose]());

const WORLDS = Number(process.env['PICARD_SHARING_WORLDS'] ?? 2);
const LEAST_CHECKS = 10_000;

test(
  'whatever is granted, changed and revoked: everybody reads by every path what the rules say, no more and no less',
  async () => {
    let checks = 0;
    await fc.assert(
      fc.asyncProperty(
        anyWorld,
        fc.array(fc.array(anyStep, { minLength: 1, maxLength: 5 }), { minLength: 4, maxLength: 5 }),
        async (seed, rounds) => {
          const world = await openWorld(picard, seed);
          try {
            checks += await check(world, 0);
            for (const [round, steps] of rounds.entries()) {
              const taken: Step[] = [];
              for (const step of steps) {
                taken.push(step);
                await takeStep(world, step);
              }
              checks += await check(world, round + 1).catch((error: unknown) => {
                throw new Error(`After ${JSON.stringify(taken)}`, { cause: error });
              });
            }
          } finally {
            await world.clear();
          }
        },
      ),
      // A world takes seconds to make again: what failed is told as it is.
      { numRuns: WORLDS, endOnFailure: true },
    );
    expect(checks).toBeGreaterThanOrEqual(LEAST_CHECKS);
  },
  // Most of it is many small requests, which a machine with much else to do answers late.
  600_000,
);
