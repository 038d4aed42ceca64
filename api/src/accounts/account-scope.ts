import type { Scope } from './viewer.ts';

/**
 * What a credential must hold to manage how its owner signs in, and what was let in: keys, apps, sessions. An app that may
 * write memories may not make itself a way back in. Most of it needs a recent sign-in besides.
 */
export const MANAGE_ACCOUNT = { scope: 'account:manage' } as const satisfies { scope: Scope };
