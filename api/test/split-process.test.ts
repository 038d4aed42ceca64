import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newAdapterKey } from '@picard/mcp-adapter/adapter-key';
import { readAdapterConfig } from '@picard/mcp-adapter/config';
import { startAdapter } from '@picard/mcp-adapter/start-adapter';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mcpCall } from './mcp-requests.ts';
import { openAddress, type OneAddress } from './one-address.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const MAIN = fileURLToPath(new URL('../../mcp-adapter/src/main.ts', import.meta.url));
const patience = { timeout: 20_000 };

interface Run {
  child: ChildProcess;
  told: { out: string; err: string };
  code: Promise<number | null>;
}

/** A folder without `.env`: settings come from here alone. */
function run(args: readonly string[], env: Record<string, string | undefined> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: import.meta.dirname, env });
  const told = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (told.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told.err += text));
  return { child, told, code: once(child, 'close').then(([code]: (number | null)[]) => code ?? null) };
}

let address: OneAddress;
let lines: Record<string, string>;
let picard: TestPicard;
let settings: Record<string, string>;
let adapter: Run;
beforeAll(async () => {
  const made = run(['keys']);
  expect(await made.code).toBe(0);
  lines = Object.fromEntries(
    [...made.told.out.matchAll(/^(\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  address = await openAddress();
  const mcpUrl = `http://localhost:${address.url.port}`;
  picard = await startTestPicard({
    deployment: 'one',
    env: { PICARD_MCP_URL: mcpUrl, PICARD_ADAPTER_CLIENT: lines['PICARD_ADAPTER_CLIENT'] ?? '' },
  });
  settings = {
    PICARD_API_URL: picard.url.href,
    PICARD_MCP_URL: mcpUrl,
    PICARD_ADAPTER_KEY: lines['PICARD_ADAPTER_KEY'] ?? '',
    PICARD_ADAPTER_PORT: '0',
  };
  adapter = run([], settings);
  await vi.waitFor(() => expect(adapter.told.out).toContain('Health'), patience);
  const url = new URL(/Health +(\S+)/.exec(adapter.told.out)?.[1] ?? '');
  address.use({ serverFor: () => url });
});
afterAll(async () => {
  adapter.child.kill('SIGKILL');
  await address[Symbol.asyncDispose]();
  await picard[Symbol.asyncDispose]();
});

test('the two lines that `keys` prints are for the two processes', () => {
  expect(Object.keys(lines)).toEqual(['PICARD_ADAPTER_CLIENT', 'PICARD_ADAPTER_KEY']);
  const [client, key] = Object.values(lines).map((line) => JSON.parse(line));
  expect(client.publicKey).toMatchObject({ x: key.x, y: key.y });
  expect(client.publicKey.d).toBeUndefined();
});

describe('what cannot work ends at the start, with what to do', () => {
  test('a setting that is missing', async () => {
    const { told, code } = run([]);
    expect(await code).toBe(1);
    expect(told.err).toContain('PICARD_API_URL');
    expect(told.err).toContain('npm run -s adapter keys');
  });

  test('a word that is no command', async () => {
    const { told, code } = run(['serve']);
    expect(await code).toBe(2);
    expect(told.err).toContain('npm run adapter');
  });

  const start = (env: Record<string, string>) =>
    startAdapter(
      { ...readAdapterConfig({ ...settings, ...env }), apiPatienceMs: 0 },
      pino({ level: 'silent' }),
    );

  test('an API that is not there, a key that it does not know, and another address', async () => {
    const { privateJwk } = await newAdapterKey();
    await expect(start({ PICARD_API_URL: 'http://localhost:1' })).rejects.toMatchObject({
      code: 'API_UNREACHABLE',
      message: expect.stringContaining('http://localhost:1'),
    });
    await expect(start({ PICARD_ADAPTER_KEY: JSON.stringify(privateJwk) })).rejects.toMatchObject({
      code: 'ADAPTER_UNKNOWN',
      message: expect.not.stringContaining(privateJwk.d),
    });
    await expect(start({ PICARD_MCP_URL: 'https://mcp.example' })).rejects.toMatchObject({
      code: 'ADDRESS_UNKNOWN',
      message: expect.stringContaining('PICARD_MCP_URL'),
    });
  });

  test('an API that was told that the adapter runs apart, and not which one', async () => {
    await expect(
      startTestPicard({ deployment: 'one', env: { PICARD_MCP_URL: 'https://mcp.example' } }),
    ).rejects.toThrow('PICARD_ADAPTER_CLIENT');
  });
});

const call = (name: string) => mcpCall(address.url, '2026-07-28', picard.key, name, {});

test('serves hosts, and says when the API is away', async () => {
  expect((await call('get_memories')).status).toBe(200);
  expect((await fetch(new URL('/health', address.url))).status).toBe(200);
  await picard.picard.http.close();
  const health = await fetch(new URL('/health', address.url));
  expect(health.status).toBe(503);
  expect(await health.json()).toEqual({ status: 'unavailable', api: 'does not answer' });
  await vi.waitFor(async () => {
    const answer = await call('get_memories');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
  }, patience);
});

test('stops in good order, and has told nobody a secret', async () => {
  adapter.child.kill('SIGTERM');
  expect(await adapter.code).toBe(0);
  const { out, err } = adapter.told;
  for (const secret of [picard.key, JSON.parse(lines['PICARD_ADAPTER_KEY'] ?? '{}').d])
    expect(out + err).not.toContain(secret);
});
