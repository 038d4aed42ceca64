import { pathOf } from './safe-url.ts';

/** A form that the authorization server's library made: where it goes, and what it carries unseen. */
export interface LibraryForm {
  /** A path: whoever came by another address than the public URL stays there, with the cookies of that address. */
  action: string;
  hidden: readonly { name: string; value: string }[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * Reads the library's form, so that a page can have fields with labels and buttons of its own in it. Among what it
 * carries is the secret that tells our own form from a forged one.
 * @throws {TypeError} for what is no such form.
 */
export function readLibraryForm(form: string): LibraryForm {
  const action = /<form\s[^>]*\baction="([^"]*)"/.exec(form)?.[1];
  const hidden = [...form.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"\s*\/?>/g)].map(
    ([, name = '', value = '']) => ({ name, value: decode(value) }),
  );
  if (action === undefined || !hidden.some(({ name }) => name === 'xsrf')) {
    throw new TypeError('The library made a form of another kind than this version of it does');
  }
  return { action: pathOf(decode(action)), hidden };
}

const decode = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
