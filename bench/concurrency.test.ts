import { describe, expect, it } from 'vitest';
import { mapConcurrently } from './concurrency.ts';

describe('mapConcurrently', () => {
  it('keeps the order of the items whatever finishes first', async () => {
    const pending: (() => void)[] = [];
    const work = async (item: number): Promise<number> => {
      if (item < 2) await new Promise<void>((resolve) => pending.push(resolve));
      else for (const resolve of pending.splice(0)) resolve();
      return item * 10;
    };
    expect(await mapConcurrently([0, 1, 2, 3], 3, work)).toEqual([0, 10, 20, 30]);
  });

  it('never runs more than the width at once', async () => {
    let running = 0;
    let most = 0;
    await mapConcurrently(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
    });
    expect(most).toBe(4);
  });

  it('fails when one of them fails', async () => {
    await expect(mapConcurrently([1], 2, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
  });
});
