import type { Picard } from '../src/start-picard.ts';
import type { Database, Sql } from '../src/storage/database.ts';

/** What was asked of the database meanwhile: the text of each statement and fragment, in the order they were made. */
export async function statements(
  instances: readonly Picard[],
  work: () => Promise<unknown>,
): Promise<string[]> {
  const made: string[] = [];
  const told = (sql: Sql): Sql =>
    new Proxy(sql, {
      apply(target, self, [first, ...rest]: [unknown, ...unknown[]]) {
        if (Array.isArray(first) && 'raw' in first) made.push(first.join('?').replaceAll(/\s+/g, ' '));
        return Reflect.apply(target as never, self, [first, ...rest]);
      },
    });
  const restore = instances.map(({ services }) => {
    const database = services.database as { -readonly [Key in keyof Database]: Database[Key] };
    const { forViewer } = database;
    database.forViewer = (viewerId, inner) => forViewer(viewerId, (sql) => inner(told(sql)));
    return () => (database.forViewer = forViewer);
  });
  try {
    await work();
    return made;
  } finally {
    for (const each of restore) each();
  }
}
