import { UserError } from '../user-error.ts';

export class TooManyAttempts extends UserError {
  override readonly name = 'TooManyAttempts';
  readonly code = 'TOO_MANY_ATTEMPTS';
  readonly retryAfterSeconds: number;
  constructor(seconds: number, why = 'There were too many attempts') {
    const whole = Math.max(1, Math.ceil(seconds));
    const time = whole < 120 ? `${whole} seconds` : `${Math.ceil(whole / 60)} minutes`;
    super(`${why}. Nothing was tried; try again in ${time}.`);
    this.retryAfterSeconds = whole;
  }
}

export class RegistrationClosed extends UserError {
  override readonly name = 'RegistrationClosed';
  readonly code = 'REGISTRATION_CLOSED';
  constructor() {
    super('This server does not take registrations. Ask its administrator for an account.');
  }
}

export class AccountLinkInvalid extends UserError {
  override readonly name = 'AccountLinkInvalid';
  readonly code = 'ACCOUNT_LINK_INVALID';
  constructor() {
    super(
      'This link is unknown, used or expired; each is good once. Ask the administrator of this server for another.',
    );
  }
}

export class ReauthenticationRequired extends UserError {
  override readonly name = 'ReauthenticationRequired';
  readonly code = 'REAUTHENTICATION_REQUIRED';
  /** How old a sign-in may be. */
  readonly maxAgeSeconds: number;
  constructor(maxAgeSeconds: number) {
    super(
      `This needs a sign-in of the last ${Math.round(maxAgeSeconds / 60)} minutes. Sign in again and repeat it; an API key ` +
        'alone cannot do it.',
    );
    this.maxAgeSeconds = maxAgeSeconds;
  }
}

export class WrongPassword extends UserError {
  override readonly name = 'WrongPassword';
  readonly code = 'WRONG_PASSWORD';
  constructor() {
    super('The current password is another one. Nothing was changed.');
  }
}
