import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRemoteApi } from '../test/fixture-remote-api.ts';
import { exchangingWith } from './exchanging.ts';
import type { ExecutionRequest, Principal } from './executor.ts';
import { newAdapterKey } from './adapter-key.ts';
import { AdapterRefused } from './exchange-errors.ts';
import { createExchange } from './token-exchange.ts';

let remote: Awaited<ReturnType<typeof startRemoteApi>>;
let seams: ReturnType<typeof exchangingWith>;
beforeAll(async () => {
  remote = await startRemoteApi();
});
afterAll(() => remote.close());
beforeEach(() => {
  vi.useRealTimers();
  remote.credentials.clear();
  remote.credentials.set('key', { scopes: ['memories:read', 'memories:write'], faces: ['mcp'] });
  remote.issued.clear();
  Object.assign(remote.seen, { exchanges: [], bearers: [], checks: 0, streams: 0 });
  Object.assign(remote.behaviour, { lifeSeconds: 300, delayMs: 0, isAway: false });
  seams = exchangingWith(createExchange(remote.exchangeOptions), remote.addresses);
});

const scopesAsked = () => remote.seen.exchanges.map((form) => form.get('scope'));
const request = (principal: Principal, more: Partial<ExecutionRequest> = {}): ExecutionRequest => ({
  document: 'query Caller { viewer { user { id } } }',
  operationName: 'Caller',
  variables: {},
  scopes: ['memories:read'],
  principal,
  ...more,
});
async function known(token = 'key'): Promise<Principal> {
  const principal = await seams.authenticator.authenticate(token, 'mcp');
  if (!principal) throw new Error('The credential was refused');
  return principal;
}
/** Moves the clock of this process alone, not its timers: answers still come over the wire. */
function later(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

describe('who somebody is', () => {
  it('comes with the exchange of what they sent', async () => {
    const { userId, scopes, faces, expiresAt } = await known();
    expect({ userId, scopes, faces, expiresAt }).toEqual({
      userId: expect.stringMatching(/^[\da-f-]{36}$/),
      scopes: new Set(['memories:read', 'memories:write']),
      faces: new Set(['mcp']),
      expiresAt: null,
    });
  });

  it('is null for what the API does not know, and no face for a key that does not name this one', async () => {
    expect(await seams.authenticator.authenticate('nothing', 'mcp')).toBeNull();
    expect((await seams.authenticator.authenticate('key', 'rest'))?.faces.size).toBe(0);
  });

  it('is asked once by any number at once, and not again within half a second', async () => {
    remote.behaviour.delayMs = 20;
    await Promise.all(Array.from({ length: 20 }, () => known()));
    await known();
    expect(remote.seen.exchanges).toHaveLength(1);
    expect(remote.seen.checks).toBe(0);
  });

  it('is then asked by the token that reads: never again by one that may do all', async () => {
    const principal = await known();
    await seams.executor.execute(request(principal));
    later(600);
    await known();
    later(600);
    await known();
    expect(scopesAsked()).toEqual([null, 'memories:read']);
    expect(remote.seen.checks).toBe(2);
  });

  it('ends within half a second of the credential', async () => {
    await seams.executor.execute(request(await known()));
    remote.credentials.delete('key');
    later(600);
    expect(await seams.authenticator.authenticate('key', 'mcp')).toBeNull();
  });

  it('is not answered while the API is away: that is no refusal', async () => {
    remote.behaviour.isAway = true;
    await expect(known()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    remote.behaviour.isAway = false;
    await known();
  });

  it('is asked by a key that the API takes, with a proof that is used once', async () => {
    const { privateJwk } = await newAdapterKey();
    const other = createExchange({ ...remote.exchangeOptions, key: privateJwk });
    await expect(other({ token: 'key', face: 'mcp' }, null)).rejects.toBeInstanceOf(AdapterRefused);
    for (const scopes of [['memories:read'], ['memories:write']])
      await createExchange(remote.exchangeOptions)({ token: 'key', face: 'mcp' }, scopes);
    const proofs = remote.seen.exchanges.map((form) => form.get('client_assertion'));
    expect(new Set(proofs).size).toBe(3);
  });
});

describe('an operation', () => {
  it('runs with a token for its own scopes, which is used again', async () => {
    const principal = await known();
    for (const scopes of [['memories:read'], ['memories:write'], ['memories:read']]) {
      const { data } = await seams.executor.execute(request(principal, { scopes }));
      expect(data?.['viewer']).toBeTruthy();
    }
    expect(scopesAsked()).toEqual([null, 'memories:read', 'memories:write']);
    expect(remote.seen.bearers.map((token) => remote.issued.get(token)?.scope)).toEqual([
      'memories:read',
      'memories:write',
      'memories:read',
    ]);
  });

  it('never bears what the host sent', async () => {
    const principal = await known();
    await seams.executor.execute(request(principal));
    expect(remote.seen.bearers).not.toContain('key');
    expect(JSON.stringify(principal)).not.toContain('key');
  });

  it('that many run at once exchanges once', async () => {
    const principal = await known();
    remote.behaviour.delayMs = 20;
    await Promise.all(Array.from({ length: 20 }, () => seams.executor.execute(request(principal))));
    expect(remote.seen.exchanges).toHaveLength(2);
  });

  it('takes a new token shortly before the old one ends', async () => {
    const principal = await known();
    await seams.executor.execute(request(principal));
    later(260_000);
    await seams.executor.execute(request(principal));
    expect(remote.seen.exchanges).toHaveLength(2);
    later(20_000);
    await seams.executor.execute(request(principal));
    expect(remote.seen.exchanges).toHaveLength(3);
  });

  it('takes a new token when the API refuses the old one, and says so when there is none', async () => {
    const principal = await known();
    await seams.executor.execute(request(principal));
    const [first] = remote.seen.bearers;
    remote.issued.delete(first ?? '');
    expect((await seams.executor.execute(request(principal))).errors).toBeUndefined();
    expect(remote.seen.bearers.at(-1)).not.toBe(first);
    remote.credentials.delete('key');
    const { errors } = await seams.executor.execute(request(principal));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused where the credential has lost the scope, and put off while the API is away', async () => {
    const principal = await known();
    remote.credentials.set('key', { scopes: ['memories:read'], faces: ['mcp'] });
    const refused = await seams.executor.execute(request(principal, { scopes: ['memories:write'] }));
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    remote.behaviour.isAway = true;
    const { errors } = await seams.executor.execute(request(principal));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('that is given up is not run, and keeps no other from its token', async () => {
    const principal = await known();
    remote.behaviour.delayMs = 50;
    const givenUp = new AbortController();
    const mine = seams.executor.execute(request(principal, { signal: givenUp.signal }));
    const other = seams.executor.execute(request(principal));
    givenUp.abort();
    expect((await mine).errors?.[0]?.extensions).toMatchObject({ code: 'ABORTED' });
    expect((await other).errors).toBeUndefined();
    expect(remote.seen.bearers).toHaveLength(1);
  });
});
