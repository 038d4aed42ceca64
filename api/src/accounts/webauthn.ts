import type * as Webauthn from '@simplewebauthn/server';

/** Loaded when somebody first uses a passkey: it brings every format of certificates, which no command line needs. */
export const webauthn = (): Promise<typeof Webauthn> => import('@simplewebauthn/server');
