import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withImplied, type Viewer } from '../accounts/viewer.ts';
import { InvalidInput } from '../invalid-input.ts';
import { trusts, type Trust } from './memory.ts';
import { leastTrusted, trustAfter, trustOf, trustOfWriter, withSources } from './trust.ts';

const viewer = (face: Viewer['face'], scopes: string[], more: Partial<Viewer> = {}): Viewer => ({
  id: 'an id',
  administrator: false,
  scopes: withImplied(scopes),
  faces: new Set(['graphql', 'mcp', 'rest']),
  expiresAt: null,
  credential: { kind: 'key', id: 'a key' },
  authenticatedAt: null,
  face,
  ...more,
});
const all = ['memories:write', 'account:manage'];
const rank = (trust: Trust): number => trusts.indexOf(trust);

describe('what a credential writes', () => {
  test.each<[Trust, string, Viewer]>([
    ['PERSON', 'GraphQL, with account:manage', viewer('graphql', all)],
    ['PERSON', 'the CLI, with account:manage', viewer('cli', all)],
    ['APP', 'GraphQL, without', viewer('graphql', ['memories:write'])],
    ['APP', 'the CLI, without', viewer('cli', ['memories:write'])],
    ['APP', 'GraphQL, as an administrator without', viewer('graphql', ['memories:write', 'memories:admin'])],
    ['APP', 'MCP, with all', viewer('mcp', all)],
    ['APP', 'REST, with all', viewer('rest', all)],
    ['APP', 'an unknown way, with all', viewer(undefined, all)],
    ['APP', 'an adapter elsewhere', viewer('graphql', all, { exchanged: { face: 'mcp', keyId: null } })],
  ])('%s: %s', (trust, _way, who) => {
    expect(trustOf(who)).toBe(trust);
  });

  test.each(trusts)('said to be %s, it is that or refused', (said) => {
    const app = viewer('mcp', all);
    if (said === 'PERSON') {
      expect(() => trustOfWriter(app, said, 'input')).toThrow(InvalidInput);
      expect(() => trustOfWriter(app, said, 'memories.3')).toThrow(
        'memories.3.trust must be at most APP, for that is what this credential writes',
      );
    } else expect(trustOfWriter(app, said, 'input')).toBe(said);
    expect(trustOfWriter(viewer('graphql', all), said, 'input')).toBe(said);
  });

  test.each([null, undefined])('with nothing said (%s), it is what the credential writes', (said) => {
    expect(trustOfWriter(viewer('mcp', all), said, 'input')).toBe('APP');
    expect(trustOfWriter(viewer('graphql', all), said, 'input')).toBe('PERSON');
  });
});

const some = fc.constantFrom<Trust>(...trusts);
const state = fc
  .record({ own: some, sources: fc.array(some, { maxLength: 3 }) })
  .map(({ own, sources }) => ({ own, sources, ...withSources(own, sources) }));
const change = fc.record({
  writer: some,
  rewritten: fc.boolean(),
  restored: fc.option(some),
  sources: fc.option(fc.array(some, { maxLength: 3 })),
});

describe('a change', () => {
  test('leaves no more than the least of the own part and the sources', () => {
    fc.assert(
      fc.property(state, change, (before, each) => {
        const { trust, ownTrust } = trustAfter(before, each);
        expect(trust).toBe(leastTrusted([ownTrust ?? trust, ...(each.sources ?? before.sources)]));
      }),
    );
  });

  test('raises nothing, unless it is the person’s', () => {
    fc.assert(
      fc.property(state, change, (before, each) => {
        const { trust } = trustAfter(before, each);
        if (each.writer === 'PERSON') return;
        expect(rank(trust)).toBeGreaterThanOrEqual(rank(before.trust));
        expect(rank(trust)).toBeGreaterThanOrEqual(rank(each.writer));
      }),
    );
  });

  test('by the person makes a text theirs that they write anew, and no other', () => {
    fc.assert(
      fc.property(state, change, (before, each) => {
        const after = trustAfter(before, { ...each, writer: 'PERSON' });
        const own = each.rewritten ? (each.restored ?? 'PERSON') : before.own;
        expect(after).toEqual(withSources(own, each.sources ?? before.sources));
      }),
    );
  });
});
