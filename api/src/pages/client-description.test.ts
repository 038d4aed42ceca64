import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeClient, destinationOf } from './client-description.ts';

const named = (clientName: string | undefined, clientId = 'd2f1') =>
  describeClient({ clientId, clientName }, 'https://app.example/callback', true).name;

describe('the name of an app', () => {
  it('is what it calls itself, without what nobody sees or what turns the text around', () => {
    expect(named('Claude Code')).toBe('Claude Code');
    expect(named('  Claude\u0000\u202e \n\u200b Code\u2069 ')).toBe('Claude Code');
    expect(named('日本語 👩‍🚀')).toMatch(/^日本語 /);
  });

  it('is cut, by whole signs', () => {
    expect(named('x'.repeat(60))).toBe('x'.repeat(60));
    expect(named('🛰'.repeat(61))).toBe(`${'🛰'.repeat(59)}…`);
  });

  it('is the host that describes it, or said to be missing, where it has none', () => {
    expect(named('\u200b ', 'https://app.example/client.json')).toBe('app.example');
    expect(named(undefined)).toBe('An app without a name');
  });

  it('is never empty, never long, and never more than one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const name = named(text);
        expect([...name].length).toBeGreaterThan(0);
        expect([...name].length).toBeLessThanOrEqual(60);
        expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(name.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('where access goes', () => {
  it.each([
    ['https://app.example:8443/callback', { kind: 'web', host: 'app.example:8443' }],
    // A host that begins as a loopback one does.
    ['https://127.0.0.1.evil.example/', { kind: 'web', host: '127.0.0.1.evil.example' }],
    ['https://localhost.evil.example/', { kind: 'web', host: 'localhost.evil.example' }],
    // Signs that look like others are shown for what they are.
    ['https://аpple.com/', { kind: 'web', host: 'xn--pple-43d.com' }],
    ['http://localhost:3000/', { kind: 'this device', host: 'localhost:3000' }],
    ['http://127.0.0.1:3000/', { kind: 'this device', host: '127.0.0.1:3000' }],
    ['http://[::1]:3000/', { kind: 'this device', host: '[::1]:3000' }],
    ['cursor://anysphere.cursor-mcp/oauth', { kind: 'app', scheme: 'cursor' }],
    ['com.example.app:/callback', { kind: 'app', scheme: 'com.example.app' }],
  ])('of %s', (redirectUri, destination) => {
    expect(destinationOf(redirectUri)).toEqual(destination);
  });

  it('is a device where there is no address to go to', () => {
    expect(describeClient({ clientId: 'tv' }, null, true).destination).toEqual({ kind: 'code' });
  });
});
