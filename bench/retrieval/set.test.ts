import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSets, parseQrels, readSet } from './set.ts';

describe('parseQrels', () => {
  it('gathers the relevant documents of each query', () => {
    const gold = parseQrels('query-id\tcorpus-id\tscore\nq1\ta\t1\nq1\tb\t2\nq2\ta\t0\n', 'qrels.tsv');
    expect(gold).toEqual(new Map([['q1', new Set(['a', 'b'])]]));
  });

  it('names the line that has too few columns', () => {
    expect(() => parseQrels('query-id\tcorpus-id\tscore\nq1 a 1', 'qrels.tsv')).toThrow('line 2');
  });
});

describe('the set that comes with the benches', () => {
  const folder = join(import.meta.dirname, '..', 'sets');

  it('is complete: every judgement names a query and a document of the same scope', async () => {
    expect(await listSets(folder)).toEqual(['invented']);
    const set = await readSet(folder, 'invented');
    const scopes = new Map(set.documents.map((document) => [document._id, document.scope]));
    expect(scopes.size).toBe(set.documents.length);
    expect(set.queries.length).toBe(set.gold.size);
    for (const query of set.queries)
      for (const id of set.gold.get(query._id) ?? []) expect(scopes.get(id), id).toBe(query.scope);
  });
});
