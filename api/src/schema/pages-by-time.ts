import { isId } from '../id.ts';
import { builder } from './builder.ts';
import { checkedFirst, decodeCursor, encodeCursor, isInstant, page, type Page } from './pagination.ts';

/** Where a page ended. */
interface Position {
  at: Date;
  id: string;
}

export const pageArguments = builder.args((t) => ({
  first: t.int({ defaultValue: 20, description: 'At most 100.' }),
  after: t.string({ description: 'The `endCursor` of the page before.' }),
}));

export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

const isCursor = (parts: unknown): parts is [string, string] =>
  Array.isArray(parts) && parts.length === 2 && isInstant(parts[0]) && isId(String(parts[1]));

/** A page of a list that is sorted by a time, then by an id. @throws {InvalidInput} */
export async function pageByTime<Row>(
  args: PageArguments,
  list: (after: Position | null, limit: number) => Promise<Row[]>,
  placeOf: (row: Row) => Position,
): Promise<Page<Row>> {
  const first = checkedFirst(args.first, 20);
  const after = decodeCursor(args.after, isCursor);
  const rows = await list(after && { at: new Date(after[0]), id: after[1] }, first + 1);
  return page(rows, first, after, (row) => {
    const { at, id } = placeOf(row);
    return encodeCursor([at.toISOString(), id]);
  });
}
