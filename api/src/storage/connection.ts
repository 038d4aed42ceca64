import type postgres from 'postgres';

/** Opens a driver for one connection, with these settings beside those of the database. */
export type OpenDriver = (settings: object) => postgres.Sql;

/** One connection to the database, which serves one transaction at a time. Once it is lost it stays lost. */
export interface Connection {
  readonly sql: postgres.Sql;
  readonly lost: boolean;
  /** When to take a new one instead: so that a fail-over or a new balance is followed in the end. */
  readonly expiresAt: number;
  /** Whether a statement can be cancelled while it runs; the embedded database runs one at a time to its end. */
  readonly cancels: boolean;
  close(): Promise<void>;
}

const LIFETIME_MS = 1_800_000;

/**
 * The driver (postgres 3.4) connects again by itself and sends there what still waits: after a transaction has lost
 * its connection, the rest of it would run outside any transaction, as the owner of the tables, and be kept. So every
 * connection has a driver of its own, which ends with it.
 */
export function openConnection(
  open: OpenDriver,
  onLost: (connection: Connection) => void,
  settings: object = {},
): Connection {
  let lost = false;
  const sql = open({
    ...settings,
    max: 1,
    // Either would end a connection between two statements of a transaction.
    max_lifetime: null,
    idle_timeout: 0,
    onclose() {
      if (lost) return;
      lost = true;
      Object.assign(sql.options, { socket: refuse });
      void sql.end({ timeout: 0 });
      onLost(connection);
    },
  });
  const connection: Connection = {
    sql,
    get lost() {
      return lost;
    },
    cancels: (sql.options as { socket?: unknown }).socket === undefined,
    expiresAt: Date.now() + LIFETIME_MS * (1 + Math.random()),
    close: () => sql.end({ timeout: 5 }),
  };
  return connection;
}

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'CONNECTION_CLOSED';
  constructor() {
    super('The connection to the database was lost.');
  }
}

function refuse(): never {
  throw new ConnectionLost();
}
