import { InvalidInput } from '../invalid-input.ts';
import { builder } from './builder.ts';

export const MAX_FIRST = 100;

export interface Page<Node> {
  edges: { cursor: string; node: Node }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

interface PageInfoShape {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

/** GraphQL Cursor Connections Specification, forward. */
export const PageInfo = builder.objectRef<PageInfoShape>('PageInfo').implement({
  description: 'Where a page stands in the whole.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether more follow: ask again with `after: endCursor`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether the page began behind a cursor.',
    }),
    startCursor: t.exposeString('startCursor', { nullable: true }),
    endCursor: t.exposeString('endCursor', { nullable: true }),
  }),
});

export function pageInfo({ edges, hasNextPage, hasPreviousPage }: Page<unknown>): PageInfoShape {
  return {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
}

/** A page of rows, of which one more than asked was read to know whether more follow. */
export function page<Node>(
  rows: readonly Node[],
  first: number,
  after: unknown,
  cursor: (node: Node) => string,
): Page<Node> {
  return {
    edges: rows.slice(0, first).map((node) => ({ cursor: cursor(node), node })),
    hasNextPage: rows.length > first,
    hasPreviousPage: after !== null && after !== undefined,
  };
}

export function checkedFirst(first: number | null | undefined, fallback: number): number {
  const count = first ?? fallback;
  if (count < 1 || count > MAX_FIRST) throw new InvalidInput('first', `must be from 1 to ${MAX_FIRST}`);
  return count;
}

/** Cursors are opaque to callers: base64url of JSON. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Whether a part of a cursor is an instant as we write it; anything else would fail in the database. */
export function isInstant(part: unknown): part is string {
  if (typeof part !== 'string') return false;
  const date = new Date(part);
  return !Number.isNaN(date.getTime()) && date.toISOString() === part && /^(?!0000)\d{4}-/.test(part);
}

/** Whether a part of a cursor is a whole number that the database can compare with. */
export function isCount(part: unknown): part is number {
  return Number.isInteger(part) && Math.abs(part as number) < 2 ** 31;
}

/** @throws {InvalidInput} for text that is no cursor of this list. */
export function decodeCursor<Parts>(
  cursor: string | null | undefined,
  is: (parts: unknown) => parts is Parts,
): Parts | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (is(parts)) return parts;
  } catch {
    // Falls through to the one answer for every kind of nonsense.
  }
  throw new InvalidInput('after', 'must be a cursor that this list gave you, with the same order');
}
