import type { ScopeChallengeHandler } from '@modelcontextprotocol/server';
import { missingScopes } from './scopes.ts';

/** Asks for what is missing by a 403 `insufficient_scope` before the call is dispatched. */
export function scopeChallengeFor(required: readonly (readonly string[])[]): ScopeChallengeHandler {
  return ({ authInfo }) => {
    if (!authInfo) return undefined;
    const [first, ...rest] = missingScopes(required, new Set(authInfo.scopes));
    if (first === undefined) return undefined;
    return { scopes: [first, ...rest], errorDescription: 'The token lacks a scope this call needs.' };
  };
}
