import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { missingScopes, satisfiedBy } from './scopes.ts';

describe('scopes', () => {
  it('write includes read, of the same room only', () => {
    expect(satisfiedBy('memories:read', new Set(['memories:write']))).toBe(true);
    expect(satisfiedBy('memories:write', new Set(['memories:read']))).toBe(false);
    expect(satisfiedBy('goals:read', new Set(['memories:write']))).toBe(false);
    expect(satisfiedBy('memories:write', new Set(['memories:admin']))).toBe(false);
  });

  it.each([
    [[], [], []],
    [[['a:read']], ['a:read'], []],
    [[['a:read', 'b:read']], ['a:read'], ['b:read']],
    [[['a:read', 'b:read'], ['admin']], [], ['admin']],
    [[['a:read', 'b:read'], ['admin']], ['a:write', 'b:write'], []],
  ])('%j with %j lacks %j', (required, granted, missing) => {
    expect(missingScopes(required, new Set(granted))).toEqual(missing);
  });

  it('lacks nothing once what was missing is granted', () => {
    const scope = fc.constantFrom('a:read', 'a:write', 'b:read', 'b:write', 'admin');
    fc.assert(
      fc.property(fc.array(fc.array(scope), { maxLength: 4 }), fc.array(scope), (required, granted) => {
        const missing = missingScopes(required, new Set(granted));
        expect(missingScopes(required, new Set([...granted, ...missing]))).toEqual([]);
      }),
    );
  });
});
