import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<{ open: boolean }>();

/** A transaction that waits for another connection while it holds its own: with few connections, all may wait so for ever. */
export class NestedTransaction extends Error {
  override readonly name = 'NestedTransaction';
  constructor() {
    super('A transaction was begun within another; hand its `sql` on instead.');
  }
}

/** Runs a transaction, and refuses those that are begun within it. @throws {NestedTransaction} */
export async function unnested<T>(transaction: () => Promise<T>): Promise<T> {
  if (current.getStore()?.open) throw new NestedTransaction();
  const scope = { open: true };
  return current.run(scope, async () => {
    try {
      return await transaction();
    } finally {
      scope.open = false;
    }
  });
}
