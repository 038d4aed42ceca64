import { builder } from '../schema/builder.ts';
import type { Face as FaceName, Scope as ScopeName } from './viewer.ts';

export const Scope = builder.enumType('Scope', {
  description: 'What a credential may do.',
  values: {
    MEMORIES_READ: { value: 'memories:read' satisfies ScopeName, description: '`memories:read`' },
    MEMORIES_WRITE: {
      value: 'memories:write' satisfies ScopeName,
      description: '`memories:write`; implies reading.',
    },
    MEMORIES_ADMIN: {
      value: 'memories:admin' satisfies ScopeName,
      description: '`memories:admin`: looks after the server; only in an administrator’s hands.',
    },
    ACCOUNT_MANAGE: {
      value: 'account:manage' satisfies ScopeName,
      description: '`account:manage`: profile, passkeys, API keys, connected apps and sessions.',
    },
  } as const,
});

export const Face = builder.enumType('Face', {
  description: 'Where an API key may be used.',
  values: {
    GRAPHQL: { value: 'graphql' satisfies FaceName },
    MCP: { value: 'mcp' satisfies FaceName },
    REST: { value: 'rest' satisfies FaceName, description: '`POST /api/tools`.' },
  } as const,
});
