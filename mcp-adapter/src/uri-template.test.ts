import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceUriTemplate, parseUriTemplate } from './uri-template.ts';

const text = 'users://{user_id}/memories{?tag*,first}';
const template = new ResourceUriTemplate(text);

describe('ResourceUriTemplate', () => {
  it('names its variables', () => {
    expect(parseUriTemplate(text)).toEqual({ path: ['user_id'], query: ['tag', 'first'] });
    expect(template.toString()).toBe(text);
  });

  it.each([
    ['users://u1/memories', { user_id: 'u1' }],
    ['users://u1/memories?first=2', { user_id: 'u1', first: '2' }],
    ['users://u1/memories?first=2&tag=a', { user_id: 'u1', first: '2', tag: 'a' }],
    ['users://u1/memories?tag=a&tag=b%26c', { user_id: 'u1', tag: ['a', 'b&c'] }],
    ['users://u%201/memories?', { user_id: 'u 1' }],
  ])('matches %s', (uri, variables) => {
    expect(template.match(uri)).toEqual(variables);
  });

  it.each([
    'users://u1',
    'users://u1/memories/x',
    'users://u1/memories?nope=1',
    'memories://u1',
    'users:///memories',
  ])('does not match %s', (uri) => {
    expect(template.match(uri)).toBeNull();
  });

  it('reads back what it expands to', () => {
    const word = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(word, word, (user, tag) => {
        const variables = { user_id: user, tag, first: '5' };
        expect(template.match(template.expand(variables))).toEqual(variables);
      }),
    );
  });
});
