import { UserError } from '../user-error.ts';

export class ConnectedAppNotFound extends UserError {
  override readonly name = 'ConnectedAppNotFound';
  readonly code = 'CONNECTED_APP_NOT_FOUND';
  readonly clientId: string;
  constructor(clientId: string) {
    super(
      'You have no such connected app. It may have been disconnected already; viewer.connectedApps lists those you have.',
    );
    this.clientId = clientId;
  }
}

export class SessionNotFound extends UserError {
  override readonly name = 'SessionNotFound';
  readonly code = 'SESSION_NOT_FOUND';
  readonly sessionId: string;
  constructor(sessionId: string) {
    super('You have no such session. It may have ended already; viewer.sessions lists those you have.');
    this.sessionId = sessionId;
  }
}
