/** What came is no credential, or no longer: unknown, revoked, expired, or for another resource. */
export class SubjectRefused extends Error {
  override readonly name = 'SubjectRefused';
  readonly code = 'UNAUTHENTICATED';
  constructor() {
    super('The token is unknown, expired or revoked.');
  }
}

/** A good credential that may not be used at this face. */
export class FaceRefused extends Error {
  override readonly name = 'FaceRefused';
  readonly code = 'FORBIDDEN';
  constructor() {
    super('The API key does not name this face.');
  }
}

/** A good credential that does not hold what was asked for, or no longer. */
export class ScopeRefused extends Error {
  override readonly name = 'ScopeRefused';
  readonly code = 'FORBIDDEN';
  constructor() {
    super('The token lacks a scope that this call needs.');
  }
}

/** The API refused a token that it had issued: it may have ended since. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly code = 'UNAUTHENTICATED';
  constructor() {
    super('The token is unknown, expired or revoked.');
  }
}

/** The API does not answer, or cannot for now. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable';
  readonly code = 'UNAVAILABLE';
  constructor(options?: ErrorOptions) {
    super('The API does not answer.', options);
  }
}

/** The API does not take this process for its adapter. */
export class AdapterRefused extends Error {
  override readonly name = 'AdapterRefused';
  readonly code = 'ADAPTER_REFUSED';
  constructor() {
    super('The API does not take the key of this adapter.');
  }
}

/** Whether the credential itself is over, so that asking again is of no use. */
export function isOver(error: unknown): boolean {
  return error instanceof SubjectRefused || error instanceof FaceRefused || error instanceof ScopeRefused;
}
