import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newAdapterKey, publicJwkOf, type PrivateJwk, stateKeyOf } from './adapter-key.ts';
import { readAdapterConfig } from './config.ts';

let key: PrivateJwk;
beforeAll(async () => {
  key = (await newAdapterKey()).privateJwk;
});

const read = (env: Record<string, string> = {}) =>
  readAdapterConfig({
    PICARD_API_URL: 'http://localhost:8001',
    PICARD_ADAPTER_KEY: JSON.stringify(key),
    ...env,
  });

describe('the settings of an adapter that runs apart', () => {
  it('have defaults, and an empty one means the same', () => {
    const { apiUrl, publicUrl, clientId, port, host } = read({ PICARD_MCP_URL: '', PICARD_ADAPTER_PORT: '' });
    expect({ apiUrl: apiUrl.href, publicUrl, clientId, port, host }).toEqual({
      apiUrl: 'http://localhost:8001/',
      publicUrl: undefined,
      clientId: 'mcp-adapter',
      port: 8002,
      host: '127.0.0.1',
    });
  });

  it('take the key from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'picard-')), 'key.json');
    writeFileSync(file, JSON.stringify(key));
    expect(read({ PICARD_ADAPTER_KEY: file }).key).toEqual(key);
  });

  it.each([
    [{ PICARD_API_URL: '' }, /PICARD_API_URL: must be the address/],
    [{ PICARD_API_URL: 'localhost:8001' }, /PICARD_API_URL/],
    [{ PICARD_MCP_URL: 'https://mcp.example/picard' }, /PICARD_MCP_URL: must be a scheme and a host/],
    [{ PICARD_ADAPTER_KEY: '' }, /PICARD_ADAPTER_KEY: is missing: npm run -s adapter keys/],
    [{ PICARD_ADAPTER_KEY: '{"kty"' }, /PICARD_ADAPTER_KEY: must be a JSON Web Key/],
    [{ PICARD_ADAPTER_KEY: '/nowhere' }, /PICARD_ADAPTER_KEY: must be a JSON Web Key/],
    [{ PICARD_ADAPTER_PORT: '70000' }, /PICARD_ADAPTER_PORT/],
  ])('%j is refused by its name', (env, message) => {
    expect(() => read(env)).toThrow(message);
  });

  it('refuse a public key in the place of the private one, and show neither', () => {
    const given = { ...publicJwkOf(key), d: 7 };
    expect(() => read({ PICARD_ADAPTER_KEY: JSON.stringify(given) })).toThrow(/must be a private key/);
    expect(() => read({ PICARD_ADAPTER_KEY: JSON.stringify(given) })).not.toThrow(key.x);
  });
});

it('the state is sealed by a key that tells nothing of the private one, the same in every process that has it', async () => {
  const state = Buffer.from(stateKeyOf(key)).toString('base64url');
  expect(state).toHaveLength(43);
  expect(state).not.toBe(key.d);
  expect(Buffer.from(stateKeyOf({ ...key })).toString('base64url')).toBe(state);
  const { privateJwk: other } = await newAdapterKey();
  expect(Buffer.from(stateKeyOf(other)).toString('base64url')).not.toBe(state);
});
