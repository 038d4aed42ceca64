import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from './batches.ts';

describe('batches', () => {
  it('keeps order, loses nothing and keeps to both limits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string()),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 99 }),
        (items, most, bytes) => {
          const all = [...batches(items, { items: most, bytes })];
          expect(all.flat()).toEqual(items);
          for (const batch of all) {
            expect(batch.length).toBeLessThanOrEqual(most);
            const size = batch.reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)) + 1, 0);
            if (batch.length > 1) expect(size).toBeLessThanOrEqual(bytes);
          }
        },
      ),
    );
  });

  it('is nothing for nothing', () => {
    expect([...batches([])]).toEqual([]);
  });
});
