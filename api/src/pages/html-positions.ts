/** Where in a template a value stands, which decides how it is made harmless. */
export type Position =
  | { kind: 'text' }
  /** Between the attributes of a tag, where only whole attributes may stand. */
  | { kind: 'tag' }
  /** In a quoted value; `begins` tells that the value starts with it. */
  | { kind: 'attribute'; name: string; begins: boolean };

const known = new WeakMap<readonly string[], readonly Position[]>();

/**
 * The position of each value of a template, read from its own text alone.
 * @throws {TypeError} for a place where no value can be made harmless: an unquoted attribute, an event handler, a style,
 * the name of a tag, a script, a comment.
 */
export function positionsOf(strings: readonly string[]): readonly Position[] {
  const found = known.get(strings) ?? scan(strings);
  known.set(strings, found);
  return found;
}

type State = 'text' | 'tag name' | 'tag' | 'attribute name' | 'before value' | 'value' | 'comment' | 'raw';

function scan(strings: readonly string[]): Position[] {
  const positions: Position[] = [];
  let state = 'text' as State;
  let tag = '';
  let name = '';
  let quote = '';
  let begins = false;

  const read = (character: string, rest: string): void => {
    switch (state) {
      case 'text':
        if (rest.startsWith('<!--')) state = 'comment';
        else if (/^<([/!a-z]|$)/i.test(rest)) [state, tag] = ['tag name', ''];
        return;
      case 'comment':
        if (rest.startsWith('-->')) state = 'text';
        return;
      case 'raw':
        if (rest.toLowerCase().startsWith(`</${tag}`)) [state, tag] = ['tag name', ''];
        return;
      case 'tag name':
        if (character === '>') state = inside(tag);
        else if (/\s/.test(character)) state = 'tag';
        else tag += character.toLowerCase();
        return;
      case 'tag':
        if (character === '>') state = inside(tag);
        else if (!/[\s/]/.test(character)) [state, name] = ['attribute name', character.toLowerCase()];
        return;
      case 'attribute name':
        if (character === '=') state = 'before value';
        else if (character === '>') state = inside(tag);
        else if (/\s/.test(character)) state = 'tag';
        else name += character.toLowerCase();
        return;
      case 'before value':
        if (character !== '"' && character !== "'") throw new TypeError(`Quote the value of ${name}`);
        [state, quote, begins] = ['value', character, true];
        return;
      case 'value':
        begins = false;
        if (character === quote) state = 'tag';
        return;
    }
  };

  strings.forEach((text, index) => {
    for (let at = 0; at < text.length; at += 1) read(text.charAt(at), text.slice(at, at + 16));
    if (index === strings.length - 1) return;
    if (state === 'text') positions.push({ kind: 'text' });
    else if (state === 'tag' || (state === 'tag name' && /^[a-z]/.test(tag))) positions.push({ kind: 'tag' });
    else if (state === 'value' && allowed(name)) {
      positions.push({ kind: 'attribute', name, begins });
      begins = false;
    } else throw new TypeError(`No value may stand in a ${state === 'value' ? name : state}`);
  });
  if (state !== 'text') throw new TypeError(`The template ends within a ${state}`);
  return positions;
}

const inside = (tag: string): State => (tag === 'script' || tag === 'style' ? 'raw' : 'text');

/** Values that are programs cannot be escaped. */
export const allowed = (name: string): boolean => !/^(on|style$|srcdoc$)/.test(name);
