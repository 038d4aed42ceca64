import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyCredential } from './credential.ts';
import { LoginCredential } from './login/login-credential.ts';
import { writeLogins, type Login } from './login/logins-file.ts';
import { fetchRenewing, subscribeRenewing } from './renewed-requests.ts';

const NAME = 'http://localhost:8001';

let folder: string;
let file: string;
let server: Server;
let url: URL;
/** What the server takes, and what it was shown. */
let good: string[];
let shown: (string | undefined)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picard-renewed-'));
  file = join(folder, 'logins.json');
  [good, shown] = [[], []];
  server = createServer((request, response) => {
    shown.push(request.headers.authorization);
    const known = good.includes(request.headers.authorization ?? '');
    response.writeHead(known ? 200 : 401).end('answered');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function loginWith(value: string, lifeMs = 3_600_000, id = '1'): Login {
  const now = new Date().toISOString();
  return {
    account: { id, handle: `person ${id}` },
    scopes: ['memories:read'],
    refreshToken: 'never used here',
    accessToken: { value, expiresAt: new Date(Date.now() + lifeMs).toISOString() },
    loggedInAt: now,
    renewedAt: now,
  };
}
/** Another process of this user has renewed the login. */
const renewElsewhere = (login: Login | null) =>
  writeLogins(file, { version: 1, servers: { [NAME]: { issuer: NAME, clientId: 'client', login } } });
const credential = (login: Login) => new LoginCredential(file, NAME, login);
const asking = (token: string): RequestInit => ({
  method: 'POST',
  headers: { authorization: `Bearer ${token}` },
});

test('a token that is refused is renewed once, and the request sent once more', async () => {
  await renewElsewhere(loginWith('second'));
  good = ['Bearer second'];
  const login = credential(loginWith('first'));
  const response = await fetchRenewing(login)(url, asking(await login.token()));
  expect([response.status, await response.text()]).toEqual([200, 'answered']);
  expect(shown).toEqual(['Bearer first', 'Bearer second']);
  expect(await login.token()).toBe('second');
});

test('a login that is refused although it was renewed is told of, and not asked with for ever', async () => {
  await renewElsewhere(loginWith('second'));
  await expect(fetchRenewing(credential(loginWith('first')))(url, asking('first'))).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
    message: expect.stringContaining('Perhaps this app is paused'),
  });
  expect(shown).toHaveLength(2);
});

test('a key has no other in its place', async () => {
  const response = await fetchRenewing(keyCredential('PICARD_TOKEN', 'key'))(url, asking('key'));
  expect([response.status, shown]).toEqual([401, ['Bearer key']]);
});

test('a login that is gone, or another person’s by now, ends what acts with it', async () => {
  const ended = credential(loginWith('first', 0));
  await renewElsewhere(null);
  await expect(ended.token()).rejects.toMatchObject({ message: expect.stringContaining('was logged out') });
  await renewElsewhere(loginWith('second', 3_600_000, '2'));
  await expect(ended.token()).rejects.toMatchObject({ message: expect.stringContaining('that of person 2') });
});

interface Request {
  continuous?: boolean;
  signal?: AbortSignal;
}
/** A stream of the server's that tells with which token it began, and goes on until it is given up. */
const streamOf = (login: LoginCredential) =>
  async function* ({ signal }: Request): AsyncGenerator<string> {
    yield await login.token();
    if (signal && !signal.aborted) await once(signal, 'abort');
  };

test('a subscription begins anew with another token when its own is due, until it is given up', async () => {
  // A minute before its end, a token is due; that is now, and a little.
  const login = credential(loginWith('first', 60_200));
  await renewElsewhere(loginWith('second'));
  const giveUp = new AbortController();
  const told: string[] = [];
  const request = { continuous: true, signal: giveUp.signal };
  for await (const token of subscribeRenewing(login, request, streamOf(login))) {
    told.push(token);
    if (told.length === 2) giveUp.abort();
  }
  expect(told).toEqual(['first', 'second']);
});

test('a stream that the server ends while its token is good has ended, and so has one of its own kind', async () => {
  const login = credential(loginWith('only'));
  const once: (request: Request) => AsyncGenerator<string> = async function* () {
    yield login.token();
  };
  const all = async (request: Request): Promise<string[]> => {
    const told: string[] = [];
    for await (const token of subscribeRenewing(login, request, once)) told.push(token);
    return told;
  };
  expect(await all({ continuous: true })).toEqual(['only']);
  expect(await all({})).toEqual(['only']);
});
