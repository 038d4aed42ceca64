import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoriesOf, present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
const ids: Record<string, string> = {};
beforeAll(async () => {
  picard = await startTestPicard({ embedding: 'local' });
  const mine = memoriesOf(picard);
  const given = {
    tea: 'I drink green tea every morning',
    tyre: 'The bicycle has a flat tyre',
    coffee: 'An espresso after lunch keeps me awake',
    expired: 'Hot chocolate in winter',
    deleted: 'A glass of orange juice',
  };
  for (const [name, text] of Object.entries(given)) {
    const old = name === 'expired' && { trust: 'IMPORT', expiresAt: '2020-01-01T00:00:00Z' };
    ids[name] = (await mine.keep({ text, tags: [name], ...old })).id;
  }
  await picard.embedded();
  await mine.delete({ id: ids['deleted'] });
});
afterAll(() => picard[Symbol.asyncDispose]());

interface Found {
  mode: string;
  notice: string | null;
  edges: {
    score: number;
    reasons: { kind: string; score: number }[];
    node: { id: string; embedded: boolean };
  }[];
}
const HITS = 'mode notice edges { score reasons { kind score } node { id embedded } }';
const search = async (variables: Input, key?: string): Promise<Found> => {
  const document = `query ($query: String!, $mode: SearchMode, $filter: MemoryFilter) {
    searchMemories(query: $query, mode: $mode, filter: $filter) { ${HITS} } }`;
  return (await picard.data<{ searchMemories: Found }>(document, variables, key)).searchMemories;
};
const found = ({ edges }: Found): (string | undefined)[] =>
  edges.map(({ node }) => Object.keys(ids).find((name) => ids[name] === node.id));

test.each(['HYBRID', 'VECTORS'])('P20 P29 %s finds by meaning what shares no word', async (mode) => {
  const result = await search({ query: 'favourite hot beverage', mode });
  expect(result).toMatchObject({ mode, notice: null });
  expect(found(result).slice(0, 2).sort()).toEqual(['coffee', 'tea']);
  expect(found(result)).not.toContain('expired');
  expect(found(result)).not.toContain('deleted');
  for (const { score, reasons, node } of result.edges) {
    expect(node.embedded).toBe(true);
    expect(reasons.reduce((sum, each) => sum + each.score, 0)).toBeCloseTo(score, 12);
    expect(score).toBeLessThanOrEqual(1);
  }
  expect(result.edges.map(({ score }) => score)).toEqual(
    result.edges.map(({ score }) => score).sort((a, b) => b - a),
  );
});

test('P29 words and meaning are both told as reasons', async () => {
  const [best] = (await search({ query: 'green tea' })).edges;
  expect(best?.node.id).toBe(ids['tea']);
  expect(best?.reasons.map(({ kind }) => kind).sort()).toEqual(['MEANING', 'WORDS']);
});

test('P29 filters come before meaning too', async () => {
  const result = await search({ query: 'green tea', filter: { tags: ['tyre'] }, mode: 'VECTORS' });
  expect(found(result).filter((name) => name !== 'tyre')).toEqual([]);
  expect(
    found(await search({ query: 'green tea', filter: { expiry: 'EXPIRED' }, mode: 'HYBRID' })),
  ).not.toContain('tea');
});

test('P21 P29 another account finds nothing by meaning', async () => {
  const stranger = await picard.account('stranger');
  for (const mode of ['HYBRID', 'VECTORS', 'WORDS'])
    expect((await search({ query: 'green tea', mode }, stranger)).edges).toEqual([]);
});

test('P29 related memories go by words and meaning', async () => {
  const document = `query ($to: ID!) { relatedMemories(to: $to) { ${HITS} } }`;
  const { relatedMemories } = await picard.data<{ relatedMemories: Found }>(document, { to: ids['tea'] });
  expect(relatedMemories).toMatchObject({ mode: 'HYBRID', notice: null });
  expect(found(relatedMemories)[0]).toBe('coffee');
  expect(found(relatedMemories)).not.toContain('tea');
});

test('P20 a new text is embedded again, and a new tag is not', async () => {
  const mine = memoriesOf(picard);
  const { id } = await mine.keep({ text: 'A walk in the woods' });
  await picard.embedded();
  const embedded = async (): Promise<unknown> =>
    (
      await picard.data<{ memory: { embedded: boolean } }>(
        'query ($id: ID!) { memory(id: $id) { embedded } }',
        { id },
      )
    ).memory;
  const vectors = async () =>
    picard.picard.services.database.asOwner(
      (sql) => sql`select embedding::text from memory_embeddings where memory_id = ${id}`,
    );
  const before = await vectors();
  await mine.update({ id, tags: ['new'], language: 'fr' });
  expect(await embedded()).toEqual({ embedded: true });
  await mine.update({ id, text: 'The tax return is due in May' });
  await picard.embedded();
  expect(await embedded()).toEqual({ embedded: true });
  expect([...(await vectors())]).not.toEqual([...before]);
  const [best] = (await search({ query: 'when must I file my taxes', mode: 'VECTORS' })).edges;
  expect(present(best).node.id).toBe(id);
});

test('P29 the only memory that a filter leaves is found by meaning', async () => {
  expect(found(await search({ query: 'green leaves', filter: { tags: ['tea'] }, mode: 'VECTORS' }))).toEqual([
    'tea',
  ]);
});
