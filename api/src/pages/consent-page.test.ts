import { describe, expect, it } from 'vitest';
import { consentPage, type ConsentInput } from './consent-page.ts';

const input: ConsentInput = {
  at: '/interaction/abc',
  client: {
    name: 'Notebook',
    documentHost: null,
    destination: { kind: 'web', host: 'app.example' },
    selfDeclared: true,
  },
  account: { handle: 'anna', displayName: 'Anna Berg' },
  allows: [{ text: 'Read your memories', writes: false }],
  mayNarrow: false,
  now: new Date('2026-11-21'),
};
const shown = (change: Partial<ConsentInput> = {}): string =>
  consentPage({ ...input, ...change })
    .main.toString()
    .replaceAll(/\s+/g, ' ');

describe('the consent', () => {
  it('warns of an app that nobody of this server has looked at, and of no other', () => {
    expect(shown()).toContain('The name is what the app calls itself.');
    expect(shown({ client: { ...input.client, selfDeclared: false } })).not.toContain('calls itself');
  });

  it('tells the host whose document describes the app', () => {
    const client = { ...input.client, documentHost: 'claude.example' };
    expect(shown({ client })).toMatch(/Described at<\/dt> <dd><strong>claude\.example/);
    expect(shown({ client })).toContain('All that is known of it is that claude.example describes it.');
  });

  it('loads nothing from the app', () => expect(shown()).not.toContain('<img'));

  it('gives the display name where it says more than the handle', () => {
    expect(shown()).toMatch(/<strong>anna<\/strong> \(<bdi>Anna Berg<\/bdi>\)/);
    expect(shown({ account: { handle: 'anna', displayName: 'anna' } })).not.toContain('(<bdi>');
  });
});
