import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileArguments, toVariables } from './arguments.ts';
import { loadManifest } from './manifest.ts';

const manifest = loadManifest();
const entryOf = (name: string) => {
  const entry = manifest.tools.find((tool) => tool.name === name);
  if (!entry) throw new Error(`no tool ${name}`);
  return entry;
};
const read = (tool: string, raw: unknown) => compileArguments(entryOf(tool)).read(raw);

describe('arguments', () => {
  it.each(['preference', 'Preference', 'PREFERENCE'])('take the enum value %s in either case', (kind) => {
    expect(read('submit_memory', { text: 'a', kind })).toEqual({
      arguments: { text: 'a', kind: 'PREFERENCE' },
    });
  });

  it('take enum values in either case inside lists and items', () => {
    expect(read('get_memories', { kinds: ['fact', 'Note'] })).toEqual({
      arguments: { kinds: ['FACT', 'NOTE'] },
    });
    expect(read('submit_memories', { memories: [{ text: 'a', kind: 'event' }] })).toEqual({
      arguments: { memories: [{ text: 'a', kind: 'EVENT' }] },
    });
  });

  it('read null as clearing where it may clear, and as not given elsewhere', () => {
    expect(read('query_memory', { prompt: 'a', user_id: null, first: null })).toEqual({
      arguments: { prompt: 'a' },
    });
    expect(read('submit_memory', { text: 'a', kind: null })).toEqual({ arguments: { text: 'a' } });
    const id = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';
    const cleared = { memory_id: id, expiration_date: null };
    expect(read('update_memory', cleared)).toEqual({ arguments: cleared });
  });

  it.each([
    ['a missing argument', {}],
    ['an unknown argument', { text: 'a', colour: 'blue' }],
    ['a hidden one', { text: 'a', trust: 'PERSON' }],
    ['a wrong type', { text: 1 }],
    ['a date without time zone', { text: 'a', expiration_date: '2027-01-01T00:00:00' }],
    ['an unknown enum value', { text: 'a', kind: 'rumour' }],
    ['no object', [1]],
  ])('refuse %s', (_what, raw) => {
    expect(read('submit_memory', raw)).toHaveProperty('issues', expect.any(String));
  });

  it('never pollute a prototype', () => {
    const raw: unknown = JSON.parse('{"text": "a", "__proto__": {"kind": "FACT"}}');
    expect(read('submit_memory', raw)).toHaveProperty('issues');
  });

  it('refuse or accept anything without throwing', () => {
    const reader = compileArguments(entryOf('submit_memories'));
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(['arguments', 'issues']).toContain(Object.keys(reader.read(raw))[0]);
      }),
    );
  });
});

describe('variables', () => {
  it('map public names back, set what is fixed, and leave the budget behind', () => {
    const args = { memories: [{ text: 'a', source_id: 's', expiration_date: null }], max_tokens: 500 };
    expect(toVariables(entryOf('submit_memories'), args)).toEqual({
      memories: [{ text: 'a', sourceId: 's', expiresAt: null, trust: 'APP' }],
    });
  });

  it('cannot be made to overrule what is fixed', () => {
    const args = { memories: [{ text: 'a', trust: 'PERSON' }] };
    expect(toVariables(entryOf('submit_memories'), args)).toEqual({
      memories: [{ text: 'a', trust: 'APP' }],
    });
  });
});

describe('what is told of bad arguments', () => {
  it.each([
    ['submit_memory', { text: 'a', trust: 'PERSON' }, 'trust is not known here; known are text, kind'],
    ['submit_memories', { memories: [{ text: 'a' }, { txt: 'b' }] }, 'memories[1].txt is not known here'],
    ['submit_memory', { text: 'a', kind: 'rumour' }, 'kind must be one of DOCUMENT, EVENT'],
    ['get_memories', { kinds: ['FACT', 'x'] }, 'kinds[1] must be one of DOCUMENT'],
    ['submit_memory', {}, "required property 'text'"],
  ])('%s %j', (tool, raw, told) => {
    expect(read(tool, raw)).toHaveProperty('issues', expect.stringContaining(told));
  });

  it('is short, however often the mistake is made', () => {
    const memories = Array.from({ length: 400 }, () => ({ nope: 1 }));
    const result = read('submit_memories', { memories });
    expect('issues' in result ? result.issues.length : Infinity).toBeLessThan(2_000);
  });
});
