import type { Actor } from '../storage/acting.ts';

/** What a credential may do (OAuth 2.0 scopes, RFC 6749 section 3.3). Writing implies reading. */
export const scopes = ['memories:read', 'memories:write', 'memories:admin', 'account:manage'] as const;
export type Scope = (typeof scopes)[number];

/** Where a credential may be used. */
export const faces = ['graphql', 'mcp', 'rest'] as const;
export type Face = (typeof faces)[number];

/** Who is asking: always read from the credential, never from an argument. */
export interface Viewer {
  readonly id: string;
  readonly administrator: boolean;
  readonly scopes: ReadonlySet<Scope>;
  readonly faces: ReadonlySet<Face>;
  /** When the credential ends; null if it does not. */
  readonly expiresAt: Date | null;
  readonly credential: Credential;
  /** Where the credential was shown for this request. */
  readonly face?: Actor['face'] | undefined;
  /** When the person last proved who they are; null behind an API key, which proves nothing about who holds it. */
  readonly authenticatedAt: Date | null;
  /** Of a token that the MCP adapter got in exchange: where what it got it for was shown, and the API key that was. */
  readonly exchanged?: { readonly face: Face; readonly keyId: string | null } | undefined;
}

/** What was shown: an API key, or an access token of an app that was connected (its id is `jti`). */
export type Credential =
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'token'; readonly id: string; readonly clientId: string; readonly grantId: string };

const implied: Partial<Record<Scope, readonly Scope[]>> = { 'memories:write': ['memories:read'] };

export function withImplied(granted: Iterable<string>): ReadonlySet<Scope> {
  const all = new Set<Scope>();
  for (const scope of scopes.filter((each) => [...granted].includes(each))) {
    all.add(scope);
    for (const each of implied[scope] ?? []) all.add(each);
  }
  return all;
}
