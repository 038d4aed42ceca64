import { scopes, type Scope } from '../accounts/viewer.ts';
import type { Addresses } from './addresses.ts';

/** What an app asks for when it does not say (RFC 6749 section 3.3): the least. */
export const DEFAULT_SCOPE: Scope = 'memories:read';

export const resourceScope = scopes.join(' ');

/** Of use to the tools. Nothing there manages an account or the server. */
const MCP_SCOPES: readonly Scope[] = ['memories:read', 'memories:write'];

/** What a token for this resource may carry. */
export const offeredAt = ({ resources }: Pick<Addresses, 'resources'>, resource: string): readonly Scope[] =>
  resource === resources.mcp ? MCP_SCOPES : scopes;

export const isScope = (name: string): name is Scope => (scopes as readonly string[]).includes(name);

const words: Readonly<Record<Scope, { text: string; writes: boolean }>> = {
  'memories:read': { text: 'Read your memories, and search in them', writes: false },
  'memories:write': { text: 'Add, change and delete your memories', writes: true },
  'memories:admin': { text: 'Look after this server: accounts, keys and settings', writes: true },
  'account:manage': {
    text: 'Manage your account: how you sign in, API keys, connected apps',
    writes: true,
  },
};

export interface ScopeDescription {
  name: Scope;
  text: string;
  writes: boolean;
}

/** In plain words, for whoever decides; names of other kinds, such as `openid`, allow nothing by themselves. */
export function describeScopes(names: Iterable<string>): ScopeDescription[] {
  const asked = new Set(names);
  return scopes.filter((name) => asked.has(name)).map((name) => ({ name, ...words[name] }));
}
