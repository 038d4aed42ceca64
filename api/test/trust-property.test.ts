import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Somebody } from './groups-stage.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { TrustStage } from './trust-stage.ts';

const ORDER = ['PERSON', 'APP', 'IMPORT', 'OTHER_PERSON'];
const least = (trusts: string[]): string =>
  ORDER[Math.max(0, ...trusts.map((each) => ORDER.indexOf(each)))] ?? '';

/** The rule once more, without a database: what is made of what, asked again until nothing changes. */
class Model {
  readonly memories: { own: string; sources: Map<number, string>; gone: boolean }[] = [];

  trust(n: number): string {
    const { own = '', sources = new Map<number, string>() } = this.memories[n] ?? {};
    return least([own, ...sources.values()]);
  }

  name(sources: readonly number[]): Map<number, string> {
    return new Map(sources.map((n) => [n, this.trust(n)]));
  }

  settle(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const { sources } of this.memories)
        for (const [n, noted] of sources) {
          if (this.memories[n]?.gone) continue;
          const now = least([noted, this.trust(n)]);
          if (now === noted) continue;
          sources.set(n, now);
          changed = true;
        }
    }
  }
}

let picard: TestPicard;
let stage: TrustStage;
let ada: Somebody;
let app: string;
beforeAll(async () => {
  picard = await startTestPicard();
  stage = new TrustStage(picard);
  [ada] = await stage.people(1);
  app = await stage.appKey(ada);
});
afterAll(() => picard[Symbol.asyncDispose]());

const picks = fc.array(fc.nat(), { maxLength: 3 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('make' as const),
      byApp: fc.boolean(),
      less: fc.option(fc.constantFrom('IMPORT', 'OTHER_PERSON'), { freq: 3 }),
      of: picks,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('rewrite' as const), which: fc.nat(), byApp: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('retag' as const), which: fc.nat(), byApp: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('derive' as const),
      which: fc.nat(),
      byApp: fc.boolean(),
      of: picks,
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('erase' as const), which: fc.nat() }) },
);

test(
  'N8 every memory is trusted as the least of its own part and of what it was made of',
  { timeout: 120_000 },
  async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
        const model = new Model();
        const ids: string[] = [];
        const living = (): number[] => model.memories.flatMap(({ gone }, n) => (gone ? [] : [n]));
        const pick = (n: number): number | undefined => living()[n % Math.max(1, living().length)];
        const pickAll = (some: number[], but?: number): number[] => [
          ...new Set(some.map(pick).filter((n) => n !== undefined && n !== but) as number[]),
        ];
        for (const each of steps) {
          const mark = `step ${(count += 1)}`;
          if (each.does === 'make') {
            const sources = pickAll(each.of);
            const own = least([each.byApp ? 'APP' : 'PERSON', each.less ?? 'PERSON']);
            const input = { text: mark, trust: each.less, derivedFrom: sources.map((n) => ids[n]) };
            ids.push((await stage.made(ada, input, each.byApp ? app : ada.key)).id);
            model.memories.push({ own, sources: model.name(sources), gone: false });
            continue;
          }
          const which = pick(each.which);
          const memory = which === undefined ? undefined : model.memories[which];
          if (which === undefined || !memory) continue;
          const id = ids[which] ?? '';
          if (each.does === 'erase') {
            await stage.erase(ada, id);
            memory.gone = true;
            continue;
          }
          const key = each.byApp ? app : ada.key;
          if (each.does === 'derive') {
            const sources = pickAll(each.of, which);
            await stage.write(ada, 'updateMemory', { id, derivedFrom: sources.map((n) => ids[n]) }, key);
            const same =
              sources.length === memory.sources.size && sources.every((n) => memory.sources.has(n));
            if (same) continue;
            const before = model.trust(which);
            const named = model.name(sources);
            if (each.byApp) memory.own = least([before, 'APP']);
            memory.sources = named;
          } else if (each.does === 'rewrite') {
            await stage.write(ada, 'updateMemory', { id, text: mark }, key);
            memory.own = each.byApp ? least([memory.own, 'APP']) : 'PERSON';
          } else {
            await stage.write(ada, 'updateMemory', { id, tags: [mark] }, key);
            if (each.byApp) memory.own = least([memory.own, 'APP']);
          }
          model.settle();
        }
        const told = await Promise.all(living().map((n) => stage.trust(ada, ids[n] ?? '')));
        expect(told).toEqual(living().map((n) => model.trust(n)));
      }),
      { numRuns: 25 },
    );
  },
);
