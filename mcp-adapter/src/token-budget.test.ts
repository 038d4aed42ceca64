import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecord } from './json-schema.ts';
import type { Budget } from './operation-entry.ts';
import { applyBudget } from './token-budget.ts';

const budget: Budget = {
  argument: 'max_tokens',
  defaultTokens: 4000,
  paths: [['list', 'edges']],
  page: {
    itemCursor: 'cursor',
    pageInfo: 'page_info',
    endCursor: 'end_cursor',
    hasNextPage: 'has_next_page',
    after: 'after',
  },
};

function answerOf(texts: readonly string[]) {
  return {
    list: {
      page_info: { has_next_page: false, end_cursor: `c${texts.length - 1}` },
      edges: texts.map((text, index) => ({ cursor: `c${index}`, node: { text } })),
    },
  };
}

function read(answer: Record<string, unknown>) {
  const list = isRecord(answer['list']) ? answer['list'] : {};
  const edges = Array.isArray(list['edges']) ? list['edges'] : [];
  const page = isRecord(list['page_info']) ? list['page_info'] : {};
  const leftOut = isRecord(answer['left_out']) ? answer['left_out'] : undefined;
  return { edges, page, leftOut };
}

const answers = fc.array(fc.string({ maxLength: 400, unit: 'grapheme' }), { maxLength: 40 });
const bounds = fc.integer({ min: 100, max: 6000 });

describe('applyBudget', () => {
  it('keeps the answer within the budget and drops whole items from the end only', () => {
    fc.assert(
      fc.property(answers, bounds, (texts, max) => {
        const answer = applyBudget(answerOf(texts), budget, { max_tokens: max });
        const { edges, leftOut } = read(answer);
        expect(JSON.stringify(answer).length).toBeLessThanOrEqual(max * 4);
        expect(edges).toEqual(texts.slice(0, edges.length).map((text) => ({ node: { text } })));
        expect(leftOut?.['items'] ?? 0).toBe(texts.length - edges.length);
      }),
    );
  });

  it('leaves page info that goes on exactly after the last item kept', () => {
    fc.assert(
      fc.property(answers, bounds, (texts, max) => {
        const { edges, page, leftOut } = read(
          applyBudget(answerOf(texts), budget, { max_tokens: max, after: 'before' }),
        );
        const last = edges.length > 0 ? `c${edges.length - 1}` : 'before';
        const uncut = { has_next_page: false, end_cursor: `c${texts.length - 1}` };
        expect(page).toEqual(leftOut ? { has_next_page: true, end_cursor: last } : uncut);
      }),
    );
  });

  it('keeps as many items as fit', () => {
    fc.assert(
      fc.property(answers, bounds, (texts, max) => {
        const { edges, leftOut } = read(applyBudget(answerOf(texts), budget, { max_tokens: max }));
        const next = texts[edges.length];
        if (!leftOut || next === undefined) return;
        const enough = {
          max_tokens: max + Math.ceil(JSON.stringify({ node: { text: next } }).length / 4) + 20,
        };
        expect(read(applyBudget(answerOf(texts), budget, enough)).edges.length).toBeGreaterThan(edges.length);
      }),
    );
  });

  it('does not touch its input', () => {
    const answer = answerOf(['a'.repeat(500), 'b'.repeat(500)]);
    const before = structuredClone(answer);
    applyBudget(answer, budget, { max_tokens: 150 });
    expect(answer).toEqual(before);
  });

  it('says how to reach a first item that alone is too long, truly', () => {
    const texts = ['x'.repeat(9000), 'y'];
    const { edges, leftOut } = read(applyBudget(answerOf(texts), budget));
    const { edges: some, leftOut: how } = read(applyBudget(answerOf(texts), budget, { max_tokens: 1000 }));
    expect([edges.length, leftOut]).toEqual([2, undefined]);
    expect(some).toEqual([]);
    const needed = Number(/at least (\d+)/.exec(String(how?.['how']))?.[1]);
    expect(read(applyBudget(answerOf(texts), budget, { max_tokens: needed })).edges.length).toBeGreaterThan(
      0,
    );
  });

  it('tells that a cut batch was processed whole', () => {
    const batch: Budget = {
      argument: 'max_tokens',
      defaultTokens: 100,
      paths: [
        ['result', 'failures'],
        ['result', 'results'],
      ],
      page: null,
    };
    const results = Array.from({ length: 50 }, (_, version) => ({ version, note: 'stored as asked' }));
    const answer = applyBudget({ result: { succeeded: 50, results } }, batch);
    expect(answer['left_out']).toMatchObject({ how: expect.stringContaining('Do not repeat it') });
    expect(answer).toHaveProperty('result.succeeded', 50);
  });

  it('passes an answer whose list is not there, such as a named error', () => {
    const refused = { list: { code: 'INVALID_INPUT' } };
    expect(applyBudget(refused, budget)).toBe(refused);
  });
});
