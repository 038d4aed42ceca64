import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Scope, Viewer } from '../accounts/viewer.ts';
import type { Context } from '../context.ts';
import { forbidden, unauthenticated } from './errors.ts';

interface SignedIn extends Context {
  viewer: Viewer;
}

interface SchemaTypes {
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: false;
  AuthScopes: { signedIn: boolean; scope: Scope };
  AuthContexts: { signedIn: SignedIn; scope: SignedIn };
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    ID: { Input: string; Output: string };
  };
}

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    treatErrorsAsUnauthorized: false,
    authScopes: ({ viewer }) => ({
      signedIn: viewer !== null,
      scope: (scope) => viewer?.scopes.has(scope) ?? false,
    }),
    unauthorizedError: (_parent, { viewer }, info) => (viewer ? forbidden(info) : unauthenticated()),
  },
});

builder.queryType({ description: 'Where every read begins.' });
builder.mutationType({ description: 'Where every write begins. Each answers its payload or a named error.' });
builder.subscriptionType({ description: 'Live changes, over server-sent events.' });
