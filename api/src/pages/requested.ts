import type { Grant, Interaction } from 'oidc-provider';
import { describeScopes } from '../oauth/scopes.ts';

/** What an app asks for, each by the place where a grant holds it. */
export interface Requested {
  oidc: readonly string[];
  claims: readonly string[];
  resources: ReadonlyMap<string, readonly string[]>;
}

/**
 * All that the request asks for: what was never decided, and what an earlier grant decided either way, since a person is
 * asked about the whole.
 */
export function requestedOf({ prompt, params }: Interaction, earlier: Grant | undefined): Requested {
  const details = prompt.details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  const asked = new Set(words(params['scope']));
  const decided = (text: string): string[] => words(text).filter((scope) => asked.has(scope));
  const resources = new Map<string, string[]>();
  for (const resource of [
    ...Object.keys(details.missingResourceScopes ?? {}),
    ...Object.keys(earlier?.resources ?? {}),
    ...Object.keys(earlier?.rejected?.resources ?? {}),
  ]) {
    const missing = details.missingResourceScopes?.[resource] ?? [];
    const all = [...missing, ...decided(earlier?.getResourceScopeEncountered(resource) ?? '')];
    if (all.length > 0 && named(params['resource'], resource)) resources.set(resource, [...new Set(all)]);
  }
  const oidc = [...(details.missingOIDCScope ?? []), ...decided(earlier?.getOIDCScopeEncountered() ?? '')];
  const claims = [...(details.missingOIDCClaims ?? []), ...(earlier?.getOIDCClaimsEncountered() ?? [])];
  return { oidc: [...new Set(oidc)], claims: [...new Set(claims)], resources };
}

/** Every scope, wherever it counts. */
export const scopesOf = ({ oidc, resources }: Requested): string[] => [
  ...new Set([...oidc, ...[...resources.values()].flat()]),
];

/** Reading alone leaves something where both were asked for. */
export function mayNarrow(requested: Requested): boolean {
  const described = describeScopes(scopesOf(requested));
  return described.some(({ writes }) => writes) && described.some(({ writes }) => !writes);
}

const words = (text: unknown): string[] =>
  typeof text === 'string' ? text.split(' ').filter((word) => word !== '') : [];

/** A request without resources has been given the default one by now, or is of the device flow. */
const named = (resource: unknown, name: string): boolean =>
  resource === undefined || (Array.isArray(resource) ? resource : [resource]).includes(name);
