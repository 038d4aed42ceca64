import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
beforeAll(async () => {
  picard = await startTestPicard();
});
afterAll(() => picard[Symbol.asyncDispose]());

describe('P40 accounts', () => {
  const account = async (input: Input, key?: string) =>
    picard.ask<{ createAccount: { __typename: string; field?: string; handle?: string; secret?: string } }>(
      `mutation ($input: CreateAccountInput!) { createAccount(input: $input) { __typename ... on InvalidInput { field }
        ... on HandleTaken { handle } ... on HandleReserved { handle } ... on CreateAccountPayload { secret user { handle displayName } } } }`,
      { input },
      key,
    );

  test('P40 a handle is taken once, also by many at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => account({ handle: 'contested' })));
    const names = answers.map(({ data }) => data?.createAccount.__typename).sort();
    expect(names).toEqual(['CreateAccountPayload', ...Array.from({ length: 4 }, () => 'HandleTaken')]);
  });

  test('P40 a reserved handle is told from one that is taken', async () => {
    const { data } = await account({ handle: 'root' });
    expect(data?.createAccount).toEqual({ __typename: 'HandleReserved', handle: 'root' });
  });

  test('P40 the new account reads and writes, and is no administrator', async () => {
    const { data } = await account({ handle: 'fresh', displayName: ' Fresh One ' });
    expect(data?.createAccount).toMatchObject({ user: { handle: 'fresh', displayName: 'Fresh One' } });
    const viewer = await picard.data('{ viewer { administrator scopes } }', {}, data?.createAccount.secret);
    expect(viewer).toEqual({
      viewer: { administrator: false, scopes: ['memories:read', 'memories:write', 'account:manage'] },
    });
  });

  test.each<[string, Input]>([
    ['handle', { handle: 'A' }],
    ['handle', { handle: 'x' }],
    ['handle', { handle: '-ab' }],
    ['handle', { handle: 'a'.repeat(40) }],
    ['handle', { handle: 'ab\n' }],
    ['displayName', { handle: 'fine1', displayName: ' ' }],
    ['displayName', { handle: 'fine2', displayName: 'a\u0000' }],
    ['displayName', { handle: 'fine3', displayName: 'x'.repeat(81) }],
  ])('P40 refuses %s of %j', async (field, input) => {
    expect((await account(input)).data?.createAccount).toEqual({ __typename: 'InvalidInput', field });
  });
});
