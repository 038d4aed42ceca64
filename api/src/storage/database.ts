import postgres from 'postgres';
import { isId } from '../id.ts';
import { actorSetting } from './acting.ts';
import { arrayTypes } from './array-types.ts';
import { givingUp } from './cancellation.ts';
import { Connections } from './connections.ts';
import type { OpenDriver } from './connection.ts';
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from './embedded.ts';
import { Listener } from './listener.ts';
import { asRefusal } from './refusals.ts';
import { unnested } from './nested-transaction.ts';
import { inTransaction, type Sql } from './transaction.ts';

export type { Sql } from './transaction.ts';
export type Fragment = postgres.Fragment;

/** None of these roles owns a table, so row-level security holds for each. */
type Role = 'picard_viewer' | 'picard_jobs' | 'picard_accounts' | 'picard_admin';

/** A request has ten seconds; a job may look at everything. */
const STATEMENT_MS: Readonly<Record<Role, string>> = {
  picard_viewer: '10s',
  picard_accounts: '10s',
  picard_admin: '10s',
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
  /**
   * Sees of all accounts what an administrator needs, column by column, and no text. The database looks itself whether
   * the viewer is an administrator and not suspended. @throws {NotAdministrator}
   */
  forAdministrator<T>(viewerId: string, work: (sql: Sql) => Promise<T>): Promise<T>;
  /** As the owner of the schema: migrations and maintenance alone. */
  asOwner<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** As the owner, one statement that may not stand in a transaction: `vacuum`. */
  maintain(statement: string): Promise<void>;
  /** Hears what other processes and this one tell on a channel; reconnects by itself, and says when it has. */
  listen(channel: string, hear: (payload: string) => void, reconnected?: () => void): Promise<void>;
  /** A copy of an embedded database, to begin others with. */
  dump(): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export type DatabaseOptions = { url: string; connections?: number } | EmbeddedOptions;

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ('url' in options) {
    const { url, connections = 10 } = options;
    const settings = { ...driver, connect_timeout: 5 };
    return database('postgres', (more) => postgres(url, { ...settings, ...more }), connections);
  }
  const embedded = await openEmbedded(options);
  // The types do not know `socket`, which the driver documents.
  const settings: object = { ...driver, ...embeddedDriver, socket: () => embedded.connect() };
  return database('embedded', (more) => postgres({ ...settings, ...more }), EMBEDDED_CONNECTIONS, embedded);
}

/** Without seconds' offset and a `T`, JavaScript takes the years 1 to 99 for 1901 to 2099. */
const instant: postgres.PostgresType<Date> = {
  to: 1184,
  from: [1184],
  serialize: (value: Date) => value.toISOString(),
  parse: (text: string) => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
};

const driver = {
  onnotice: () => undefined,
  transform: postgres.camel,
  types: { bigint: postgres.BigInt, date: instant, ...arrayTypes },
  // See `arrayTypes`.
  fetch_types: false,
  // A zone with a history (Berlin before 1893) would write offsets of odd seconds.
  connection: { TimeZone: 'UTC' },
};
const embeddedDriver = { user: 'postgres', database: 'postgres' };
const EMBEDDED_CONNECTIONS = 4;

function database(
  kind: Database['kind'],
  open: OpenDriver,
  max: number,
  embedded?: EmbeddedDatabase,
): Database {
  const connections = new Connections(open, max);
  const listeners: Listener[] = [];

  /**
   * The role is set before the first statement of `work`, and nothing of it outlives the transaction. Compiling a plan
   * (jit) would take longer than any of our statements runs, and pages come from memory or from flash.
   */
  async function begin<T>(role: Role, viewerId: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    if (viewerId !== '' && !isId(viewerId)) throw new TypeError('A viewer is known by an id');
    const become = `
      set local role ${role}; set local picard.viewer_id = '${viewerId}';
      set local statement_timeout = '${STATEMENT_MS[role]}'; set local jit = off; set local random_page_cost = 1.1
      ${actorSetting()}${role === 'picard_admin' ? '; select require_administrator()' : ''}`;
    // Jobs may have been begun by a request, and outlive it.
    const signal = role === 'picard_viewer' ? givingUp() : undefined;
    try {
      return await unnested(() =>
        connections.use((connection) => inTransaction(connection, become, work, signal)),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }

  return {
    kind,
    forViewer: (viewerId, work) => begin('picard_viewer', viewerId, work),
    forJobs: (work) => begin('picard_jobs', '', work),
    forAccounts: (work) => begin('picard_accounts', '', work),
    forAdministrator: (viewerId, work) => begin('picard_admin', viewerId, work),
    asOwner: (work) => unnested(() => connections.use((connection) => inTransaction(connection, '', work))),
    async maintain(statement) {
      await connections.use((connection) => connection.sql.unsafe(statement));
    },
    async listen(channel, hear, reconnected) {
      listeners.push(await Listener.open(open, channel, hear, reconnected));
    },
    dump() {
      if (!embedded) throw new Error('Only an embedded database can be dumped this way; use pg_dump');
      return embedded.dump();
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      await connections.close();
      await embedded?.close();
    },
  };
}
