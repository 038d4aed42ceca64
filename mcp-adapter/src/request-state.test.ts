import type { ServerContext } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { museumManifest } from '../test/conformance/museum.ts';
import { callFingerprint, createStateSeal } from './request-state.ts';

const state = { call: 'a', confirmed: true, answers: {} };
// The seal binds through its payload and looks at no context.
const context = {} as ServerContext;

it('a seal opens what it sealed, until it is too old', async () => {
  const key = new Uint8Array(32).fill(1);
  const seal = createStateSeal(key);
  expect(await seal.verify(await seal.mint(state), context)).toEqual(state);
  const old = await createStateSeal(key, -10).mint(state);
  await expect(seal.verify(old, context)).rejects.toThrow('expired');
  await expect(createStateSeal().verify(await seal.mint(state), context)).rejects.toThrow('mac');
});

it('a key that is too short is refused', () => {
  expect(() => createStateSeal(new Uint8Array(16))).toThrow(RangeError);
});

it('a call is known by who calls what with which arguments, in whatever order they are written', () => {
  const [first, second] = museumManifest.tools;
  if (!first || !second) throw new Error('The museum has tools.');
  const one = callFingerprint('ada', first, { a: 1, b: { c: [1, 2], d: null } });
  expect(callFingerprint('ada', first, { b: { d: null, c: [1, 2] }, a: 1 })).toBe(one);
  for (const other of [
    callFingerprint('bob', first, { a: 1, b: { c: [1, 2], d: null } }),
    callFingerprint('ada', second, { a: 1, b: { c: [1, 2], d: null } }),
    callFingerprint('ada', first, { a: 1, b: { c: [2, 1], d: null } }),
    callFingerprint('ada', first, { a: 1, b: { c: [1, 2] } }),
  ]) {
    expect(other).not.toBe(one);
  }
});
