import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributes, html, type Value } from './html.ts';
import { NOWHERE, safeUrl } from './safe-url.ts';

/** Any text, with the signs that break out of HTML far more often than chance would have them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('<', '>', '"', "'", '`', '&', '=', '/', '<!--', '-->', '</p>', '<script>', ' onload='),
    ),
  )
  .map((parts) => parts.join(''));

const decode = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => {
    const signs: Record<string, string> = {
      '&amp;': '&',
      '&lt;': '<',
      '&gt;': '>',
      '&quot;': '"',
      '&#39;': "'",
    };
    return signs[entity] ?? '`';
  });

const between = (text: string, before: string, after: string): string => {
  expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
  return text.slice(before.length, text.length - after.length);
};

describe('a value in a template', () => {
  it('stays text in a text, and is the same text to whoever reads it', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const shown = between(html`<p>${value}</p>`.toString(), '<p>', '</p>');
        expect(shown).not.toMatch(/[<>]/);
        expect(decode(shown)).toBe(value);
      }),
    );
  });

  it('stays within the quotes of an attribute, whichever they are', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const double = between(html`<p title="${value}"></p>`.toString(), '<p title="', '"></p>');
        const strings = ["<p title='", "'></p>"] as unknown as TemplateStringsArray;
        const single = between(html(strings, value).toString(), "<p title='", "'></p>");
        const listed = between(
          html`<p ${attributes({ title: value })}></p>`.toString(),
          '<p  title="',
          '"></p>',
        );
        for (const shown of [double, single, listed]) {
          expect(shown).not.toMatch(/["'<>`]/);
          expect(decode(shown)).toBe(value);
        }
      }),
    );
  });

  it('leads nowhere but to the web or below this server when it begins an address', () => {
    const address = fc.oneof(
      hostile,
      fc.webUrl(),
      fc
        .tuple(
          fc.constantFrom('javascript', 'data', 'vbscript', 'file', 'JaVaScRiPt', 'java\nscript'),
          hostile,
        )
        .map(([scheme, rest]) => `${scheme}:${rest}`),
      fc
        .tuple(fc.constantFrom('//', '/\\', '/\t/', '\\\\', ' //', 'https:', '/'), fc.domain())
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(address, (value) => {
        const shown = decode(between(html`<a href="${value}"></a>`.toString(), '<a href="', '"></a>'));
        expect([value, NOWHERE]).toContain(shown);
        // As a browser understands it.
        const here = new URL('https://picard.test/interaction/1');
        const target = URL.parse(shown, here);
        if (!target) return;
        expect(['http:', 'https:']).toContain(target.protocol);
        if (!/^https?:/i.test(shown)) expect(target.origin).toBe(here.origin);
      }),
      { numRuns: 1_000 },
    );
  });

  it('stays one part of a path behind the beginning of an address', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        fc.pre(value !== '.' && value !== '..');
        const shown = decode(
          between(
            html`<form action="/interaction/${value}/consent"></form>`.toString(),
            '<form action="',
            '"></form>',
          ),
        );
        const { pathname, search, origin } = new URL(shown, 'https://picard.test');
        expect(origin).toBe('https://picard.test');
        expect(search).toBe('');
        expect(pathname.split('/')).toHaveLength(4);
        expect(pathname.endsWith('/consent')).toBe(true);
      }),
    );
  });
});

describe('a template', () => {
  it('takes lists and templates in texts, and leaves out what is absent', () => {
    const rows = ['<a>', 'b'].map((each) => html`<i>${each}</i>`);
    expect(html`<p>${rows}${null}${undefined}${false}${0}</p>`.toString()).toBe(
      '<p><i>&lt;a&gt;</i><i>b</i>0</p>',
    );
  });

  it('sets attributes that are there', () => {
    const list = attributes({ required: true, value: '', id: undefined, 'aria-invalid': false });
    expect(html`<input${list} />`.toString()).toBe('<input required value="" />');
    expect(html`<a${attributes({ href: 'javascript:alert(1)' })}></a>`.toString()).toBe('<a href="#"></a>');
  });

  const value: Value = 'x';
  it.each([
    ['an unquoted attribute', () => html`<p title=${value}></p>`],
    ['an event handler', () => html`<p onclick="${value}"></p>`],
    ['a style', () => html`<p style="${value}"></p>`],
    ['a document within', () => html`<iframe srcdoc="${value}"></iframe>`],
    ['the name of a tag', () => html`<${value}></p>`],
    ['the name of an attribute', () => html`<p data-${value}="1"></p>`],
    [
      'a script',
      () =>
        html`<script>
          ${value};
        </script>`,
    ],
    [
      'a style sheet',
      () =>
        html`<style>
          ${value}
        </style>`,
    ],
    ['a comment', () => html`<!-- ${value} -->`],
    ['a tag, as bare text', () => html`<p ${value}></p>`],
    ['an attribute, as markup', () => html`<p title="${html`<b></b>`}"></p>`],
    ['a text, as attributes', () => html`<p>${attributes({ id: 'x' })}</p>`],
    ['a template that does not end', () => html`<p title="`],
  ])('refuses a value in %s', (_place, make) => {
    expect(make).toThrow(TypeError);
  });

  it('refuses attributes that are programs or no names', () => {
    for (const name of ['onclick', 'style', 'srcdoc', 'a b', 'a"', 'A', '']) {
      expect(() => attributes({ [name]: 'x' })).toThrow(TypeError);
    }
  });
});

describe('an address', () => {
  it.each(['https://picard.test/a?b#c', 'http://127.0.0.1:8001/', '/docs', '/', '#field-handle', '?step=1'])(
    'may be %s',
    (url) => expect(safeUrl(url)).toBe(url),
  );
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.test',
    '/\\evil.test',
    'evil',
    'https:evil',
    '',
    ' /',
  ])('may not be %j', (url) => expect(safeUrl(url)).toBe(NOWHERE));
});
