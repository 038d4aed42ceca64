import { isRecord } from './json-schema.ts';
import type { Budget } from './operation-entry.ts';

/** What is told of items that did not fit. */
export interface LeftOut {
  items: number;
  how: string;
}

/** Tokens are estimated, as hosts differ: about four characters of JSON each. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Cuts the one list of an answer to a token budget: whole items go, from the end; none is cut.
 * The page info then points at the last item kept, so that the same cursor goes on.
 * @param args what the caller asked: the bound of the whole answer, and the cursor this page began after.
 *   What is not the list counts towards the bound but is never dropped.
 * @param shown the answer in the longest form that is told of it: that one keeps to the budget
 */
export function applyBudget(
  answer: Record<string, unknown>,
  budget: Budget,
  args: Record<string, unknown> = {},
  shown: (answer: Record<string, unknown>) => Record<string, unknown> = (answer) => answer,
): Record<string, unknown> {
  const path = budget.paths.find((candidate) => listAt(answer, candidate));
  const list = path && listAt(answer, path);
  if (!path || !list) return answer;
  const asked = args[budget.argument];
  const bound = (typeof asked === 'number' ? asked : budget.defaultTokens) * CHARACTERS_PER_TOKEN;
  const items = list.map((item) => withoutCursor(item, budget));
  const whole = withList(answer, path, items);
  const longest = shown(whole);
  if (JSON.stringify(longest).length <= bound) return whole;
  const start = budget.page ? args[budget.page.after] : undefined;
  const cut: Cut = {
    answer,
    budget,
    path,
    items,
    cursors: [typeof start === 'string' ? start : null, ...list.map((item) => cursorOf(item, budget))],
    sizes: (listAt(longest, path) ?? items).map((item) => JSON.stringify(item).length + 1),
  };
  let kept = items.length - 1;
  let size = cut.sizes.slice(0, kept).reduce((sum, length) => sum + length, 0);
  while (kept > 0 && size + frameSize(cut, kept) > bound) {
    kept -= 1;
    size -= cut.sizes[kept] ?? 0;
  }
  return keep(cut, kept);
}

interface Cut {
  answer: Record<string, unknown>;
  budget: Budget;
  path: readonly string[];
  items: unknown[];
  /** The cursor before the first item, then that of each item. */
  cursors: (string | null)[];
  /** Characters of each item with its comma. */
  sizes: number[];
}

/** The answer's size around the items kept, notice included. */
function frameSize(cut: Cut, kept: number): number {
  return JSON.stringify(withList(keep(cut, kept), cut.path, [])).length;
}

function keep(cut: Cut, kept: number): Record<string, unknown> {
  const { answer, path, items } = cut;
  const leftOut: LeftOut = { items: items.length - kept, how: wayOn(cut, kept) };
  const shorter = withList(answer, path, items.slice(0, kept));
  return { ...withPage(shorter, cut, cut.cursors[kept] ?? null), left_out: leftOut };
}

function wayOn({ budget, cursors, sizes }: Cut, kept: number): string {
  const { argument, page } = budget;
  if (!page) {
    return `Only this answer is shortened; the call covered every item, in the order given. Do not repeat it to see the rest: send fewer items, or a larger ${argument}, next time.`;
  }
  if (kept > 0)
    return `Ask again with ${page.after} = ${JSON.stringify(cursors[kept])}, or with a larger ${argument}.`;
  const needed = Math.ceil(((sizes[0] ?? 0) + FRAME_ALLOWANCE) / CHARACTERS_PER_TOKEN);
  return `The first item alone is longer than ${argument}: ask again with ${argument} of at least ${needed}.`;
}

/** Room for everything around one item, in characters: the frame, page info and this notice. */
const FRAME_ALLOWANCE = 800;

function listAt(answer: Record<string, unknown>, path: readonly string[]): unknown[] | undefined {
  const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), answer);
  return Array.isArray(value) ? value : undefined;
}

/** A copy of the answer with the list replaced. */
function withList(
  answer: Record<string, unknown>,
  path: readonly string[],
  list: unknown[],
): Record<string, unknown> {
  return withValue(answer, path, () => list);
}

/** Whoever follows the page info of a cut answer gets what was left out, not what comes after it. */
function withPage(
  answer: Record<string, unknown>,
  { budget, path }: Cut,
  cursor: string | null,
): Record<string, unknown> {
  const { page } = budget;
  if (!page) return answer;
  return withValue(answer, [...path.slice(0, -1), page.pageInfo], (info) => ({
    ...(isRecord(info) ? info : {}),
    [page.hasNextPage]: true,
    [page.endCursor]: cursor,
  }));
}

function withValue(
  at: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  replace: (value: unknown) => unknown,
): Record<string, unknown> {
  const value = at[key];
  if (rest.length === 0) return { ...at, [key]: replace(value) };
  return { ...at, [key]: isRecord(value) ? withValue(value, rest, replace) : value };
}

function cursorOf(item: unknown, budget: Budget): string | null {
  const cursor = budget.page && isRecord(item) ? item[budget.page.itemCursor] : undefined;
  return typeof cursor === 'string' ? cursor : null;
}

function withoutCursor(item: unknown, budget: Budget): unknown {
  if (!budget.page || !isRecord(item)) return item;
  const { [budget.page.itemCursor]: _cursor, ...rest } = item;
  return rest;
}
