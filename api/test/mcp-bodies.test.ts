import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpCall, type Era } from './mcp-requests.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

let picard: TestPicard;
let key: string;
beforeAll(async () => {
  picard = await startTestPicard();
  key = picard.key;
});
afterAll(() => picard[Symbol.asyncDispose]());

test.each<Era>(['2026-07-28', '2025-11-25'])(
  '%s: a body of nine megabytes is refused as too large',
  async (era) => {
    const response = await mcpCall(picard.url, era, key, 'submit_memory', { text: 'x'.repeat(9_000_000) });
    expect(response.status).toBe(413);
  },
);

test.each([['{'], ['[]'], ['7'], ['{"jsonrpc":"2.0"}'], ['']])(
  'the body %j is refused as the fault of the caller',
  async (body) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const response = await fetch(new URL('/mcp', picard.url), { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('    at ');
  },
);
