import { graphql } from 'graphql';
import { registerAccount } from '../src/accounts/register-account.ts';
import { withImplied, type Viewer } from '../src/accounts/viewer.ts';
import type { Context } from '../src/context.ts';
import { createLoaders } from '../src/loaders.ts';
import { schema } from '../src/schema/index.ts';
import type { Services } from '../src/services.ts';
import type { TestPicard } from './picard.ts';

export const PASSWORD = 'a quiet lake at 5 am';

/** Another address each time, as people have: no test meets the limits of another. */
let addresses = 0;
export const anywhere = (): { address: string } => {
  addresses += 1;
  return { address: `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}` };
};

export interface Person {
  readonly id: string;
  readonly handle: string;
  readonly password: string;
  readonly recoveryCodes: readonly string[];
  /** As somebody who signed in so many seconds ago, by an app with this grant. */
  viewer(ago?: number, grantId?: string): Viewer;
}

export async function register(services: Services, handle: string, password = PASSWORD): Promise<Person> {
  const { account, recoveryCodes } = await registerAccount(services, { handle, password }, anywhere());
  return {
    id: account.id,
    handle,
    password,
    recoveryCodes,
    viewer: (ago = 0, grantId = 'the-grant') => signedIn(account.id, ago, grantId),
  };
}

export function signedIn(id: string, ago = 0, grantId = 'the-grant', administrator = false): Viewer {
  return {
    id,
    administrator,
    scopes: withImplied(['memories:write', 'account:manage']),
    faces: new Set(['graphql', 'rest']),
    expiresAt: new Date(Date.now() + 3_600_000),
    credential: { kind: 'token', id: crypto.randomUUID(), clientId: 'an-app', grantId },
    authenticatedAt: new Date(Date.now() - ago * 1_000),
  };
}

/** Asks the schema as an app would for somebody who is signed in. The one field that is asked, by its name. */
export async function ask<Answer = { __typename: string } & Record<string, unknown>>(
  { picard }: TestPicard,
  viewer: Viewer,
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<Answer> {
  const contextValue: Context = {
    viewer,
    services: picard.services,
    loaders: createLoaders(picard.services, viewer),
    publicUrl: picard.http.publicUrl,
    signal: undefined,
    stillValid: async () => true,
  };
  const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
  if (errors || !data) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as Answer;
}
