import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Endpoint, execute } from './graphql.ts';

const createAccount = /* GraphQL */ `
  mutation CreateBenchAccount($input: CreateAccountInput!) {
    createAccount(input: $input) {
      __typename
      ... on CreateAccountPayload {
        secret
      }
      ... on UserError {
        message
      }
    }
  }
`;

const Answer = z.object({
  createAccount: z.object({
    __typename: z.string(),
    secret: z.string().optional(),
    message: z.string().optional(),
  }),
});

/** Creates an account by the administrator's key; the answer acts for the new account. */
export async function newAccount(administrator: Endpoint, name: string): Promise<Endpoint> {
  // The random end lets a bench be run again on the same server.
  const stem = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 20);
  const handle = `bench-${stem}-${randomBytes(4).toString('hex')}`;
  const { createAccount: answer } = await execute(administrator, createAccount, Answer, {
    input: { handle },
  });
  if (answer.secret === undefined)
    throw new Error(`No account was created for ${name}: ${answer.message ?? answer.__typename}`);
  return { url: administrator.url, key: answer.secret };
}
