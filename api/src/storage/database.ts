import postgres from 'postgres';
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from './embedded.ts';
import { DatabaseUnavailable, isUnavailable } from './errors.ts';

/** One open transaction: a tagged template that runs SQL. */
export type Sql = postgres.TransactionSql;
export type Fragment = postgres.Fragment;

/** The roles of `0001`: none of them owns a table, so row-level security holds for each. */
type Role = 'picard_viewer' | 'picard_jobs' | 'picard_accounts';

/** A request has ten seconds; a job may look at everything. */
const STATEMENT_MS: Readonly<Record<Role, string>> = {
  picard_viewer: '10s',
  picard_accounts: '10s',
  picard_jobs: '10min',
};

/** The only way to the data: every statement runs in a transaction opened for one viewer, job or sign-in. */
export interface Database {
  readonly kind: 'embedded' | 'postgres';
  /** Sees the rows of one account, and no other. */
  forViewer<T>(viewerId: string, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Background work over all accounts: embeddings, clean-up. */
  forJobs<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Creating accounts and finding out whose a credential is, before there is a viewer. */
  forAccounts<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** As the owner of the schema: migrations and maintenance alone. */
  asOwner<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T>;
  /** Hears what other processes and this one tell on a channel; reconnects by itself. */
  listen(channel: string, hear: (payload: string) => void): Promise<void>;
  /** A copy of an embedded database, to begin others with. */
  dump(): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export type DatabaseOptions = { url: string; connections?: number } | EmbeddedOptions;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ('url' in options) {
    const { url, connections = 10 } = options;
    return database('postgres', postgres(url, { ...driver, max: connections, connect_timeout: 5 }));
  }
  const embedded = await openEmbedded(options);
  // The types do not know `socket`, which the driver documents.
  const settings: object = { ...driver, ...embeddedDriver, socket: () => embedded.connect() };
  const sql = postgres<{ bigint: postgres.PostgresType<bigint> }>(settings);
  return database('embedded', sql, embedded);
}

const driver = { onnotice: () => undefined, transform: postgres.camel, types: { bigint: postgres.BigInt } };
const embeddedDriver = {
  user: 'postgres',
  database: 'postgres',
  max: 4,
  max_lifetime: null,
  idle_timeout: 0,
};

function database(
  kind: Database['kind'],
  sql: postgres.Sql<{ bigint: bigint }>,
  embedded?: EmbeddedDatabase,
): Database {
  async function begin<T>(role: Role, viewerId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      const result = await sql.begin(async (transaction) => {
        // Sent at once (the driver is lazy until asked) and not waited for: what `work` sends follows on the same
        // connection, in order, so the role is set before the first statement of `work` runs.
        const become = transaction`
          select set_config('role', ${role}, true), set_config('picard.viewer_id', ${viewerId}, true),
            set_config('statement_timeout', ${STATEMENT_MS[role]}, true)`.execute();
        const [, answer] = await Promise.all([become, work(transaction as unknown as Sql)]);
        return { answer };
      });
      return result.answer;
    } catch (error) {
      throw isUnavailable(error) ? new DatabaseUnavailable(error) : error;
    }
  }

  return {
    kind,
    forViewer: (viewerId, work) => begin('picard_viewer', viewerId, work),
    forJobs: (work) => begin('picard_jobs', '', work),
    forAccounts: (work) => begin('picard_accounts', '', work),
    asOwner: (work) => work(sql),
    async listen(channel, hear) {
      await sql.listen(channel, hear);
    },
    dump() {
      if (!embedded) throw new Error('Only an embedded database can be dumped this way; use pg_dump');
      return embedded.dump();
    },
    async close() {
      await sql.end({ timeout: 5 });
      await embedded?.close();
    },
  };
}
