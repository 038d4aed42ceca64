import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from './prompt-template.ts';

const render = (template: string, args: Record<string, string> = {}, data: unknown = {}) =>
  renderTemplate(parseTemplate(template), args, data)
    .map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.path.join('.')}>`))
    .join('');

describe('a template', () => {
  it.each([
    ['Hello, {{name}}.', { name: 'Ada' }, {}, 'Hello, Ada.'],
    ['{{data.a.b}}', {}, { a: { b: 'x"y' } }, String.raw`"x\"y"`],
    ['{{data.a}}', {}, { a: null }, 'unknown'],
    [
      '{{#each data.list}}\n- {{text}} ({{name}})\n{{/each}}\nEnd',
      { name: 'Ada' },
      { list: [{ text: 1 }, { text: 2 }] },
      '- 1 (Ada)\n- 2 (Ada)\nEnd',
    ],
    ['{{#if name}}yes{{else}}no{{/if}}', { name: '' }, {}, 'no'],
    ['{{#if data.list}}some{{else}}none{{/if}}', {}, { list: [] }, 'none'],
    [
      '{{#if data.list}}{{#each data.list}}{{.}}{{/each}}{{/if}}'.replace('{{.}}', '*'),
      {},
      { list: [1, 2] },
      '**',
    ],
    ['a {{content data.picture}} b', {}, {}, 'a <picture> b'],
    ['{{missing}}', {}, {}, ''],
  ])('%s', (template, args, data, text) => {
    expect(render(template, args as Record<string, string>, data)).toBe(text);
  });

  it.each(['{{#if a}}', '{{#each a}}{{/if}}', '{{/each}}', '{{else}}', '{{#each a}}{{else}}{{/each}}'])(
    '%s is refused',
    (template) => {
      expect(() => parseTemplate(template)).toThrow();
    },
  );

  it('is never continued by what it is filled with', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const filled = render('Known: {{data.text}}\nEnd', {}, { text });
        expect(filled.split('\n')).toHaveLength(2);
        expect(JSON.parse(filled.slice('Known: '.length, -'\nEnd'.length))).toBe(text);
        expect(render('{{name}}', { name: text })).toBe(text);
      }),
    );
  });
});
