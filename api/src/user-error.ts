/** A failure that the caller can mend: told by name in the result of a mutation, never masked. */
export abstract class UserError extends Error {
  /** Stable, in upper case; programs go by it. */
  abstract readonly code: string;
}

/** What one item of a batch came to. */
export type Outcome<Value> = Value | UserError;

export function succeeded<Value>(outcome: Outcome<Value>): outcome is Value {
  return !(outcome instanceof UserError);
}
