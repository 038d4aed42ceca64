import { allowed, positionsOf, type Position } from './html-positions.ts';
import { isUrlAttribute, safeUrl } from './safe-url.ts';

/** Text that is HTML already. Only `html` makes it, so whatever is in it was escaped. */
class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}
export type Html = Markup;

/** Whole attributes, for a place between the others of a tag. */
class AttributeList extends Markup {}

type Absent = null | undefined | false;
export type Value = string | number | Markup | Absent | readonly Value[];

/**
 * A template whose values are made harmless by where they stand: escaped in texts and attributes; in addresses checked
 * when they begin one, else percent-encoded. What is absent (null, undefined, false) leaves nothing.
 * @throws {TypeError} for a value where none can be made harmless (see `positionsOf`).
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const positions = positionsOf(strings);
  let text = strings[0] ?? '';
  positions.forEach((position, index) => {
    text += render(position, values[index]) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function render(position: Position, value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  switch (position.kind) {
    case 'text':
      if (Array.isArray(value)) return value.map((each: Value) => render(position, each)).join('');
      if (value instanceof AttributeList) throw new TypeError('Attributes stand within a tag');
      return value instanceof Markup ? value.toString() : escape(String(value));
    case 'tag':
      if (!(value instanceof AttributeList))
        throw new TypeError('Only attributes() may stand between attributes');
      return value.toString();
    case 'attribute': {
      if (typeof value === 'object') throw new TypeError(`The value of ${position.name} is text`);
      const { name, begins } = position;
      if (!isUrlAttribute(name)) return escape(String(value));
      return escape(begins ? safeUrl(String(value)) : encodeURIComponent(String(value).toWellFormed()));
    }
  }
}

/** ` name="value"` for each that is there; `true` stands for an attribute without a value. */
export function attributes(values: Readonly<Record<string, string | number | true | Absent>>): Html {
  const list = Object.entries(values).map(([name, value]) => {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || !allowed(name)) throw new TypeError(`${name} cannot be set`);
    if (value === null || value === undefined || value === false) return '';
    if (value === true) return ` ${name}`;
    const text = isUrlAttribute(name) ? safeUrl(String(value)) : String(value);
    return ` ${name}="${escape(text)}"`;
  });
  return new AttributeList(list.join(''));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"'`]/g, (sign) => ENTITIES[sign] ?? sign);
