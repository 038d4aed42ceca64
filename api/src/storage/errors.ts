/** The database does not answer: restarting, unreachable, or out of connections. Worth trying again soon. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code = 'UNAVAILABLE';
  /** @param saved `unknown` when the connection was lost while the database was asked to commit. */
  constructor(cause: unknown, saved: 'nothing' | 'unknown') {
    const outcome = {
      nothing: 'This change was not saved; try again in a few seconds.',
      unknown: 'Whether this change was saved is not known; look before you try again in a few seconds.',
    }[saved];
    super(`The database does not answer just now. ${outcome}`, { cause });
  }
}

/** Codes of Node's net, of the driver, and of Postgres (classes 08 connection, 53 resources, 57P operator intervention). */
const codes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_(CLOSED|DESTROYED|ENDED)|08\w{3}|53\w{3}|57P0\d)$/;

export function isUnavailable(error: unknown): boolean {
  return codes.test(postgresCode(error) ?? '');
}

/** The SQLSTATE of a database error (PostgreSQL manual, appendix A), or the driver's own code. */
export function postgresCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a unique index refused a row; `constraint` names the index. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  return violates(error, '23505', constraint);
}

/** Whether a row names another that is not there. */
export function violatesForeignKey(error: unknown, constraint: string): boolean {
  return violates(error, '23503', constraint);
}

function violates(error: unknown, code: string, constraint: string): boolean {
  return (
    postgresCode(error) === code &&
    error instanceof Error &&
    'constraint_name' in error &&
    error.constraint_name === constraint
  );
}
