import { isRecord } from './json-schema.ts';

/** A prompt's text, parsed: `{{name}}`, `{{content name}}`, `{{#each name}}…{{/each}}`, `{{#if name}}…{{else}}…{{/if}}`. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: string[] }
  | { kind: 'content'; path: string[] }
  | { kind: 'each'; path: string[]; parts: TemplatePart[] }
  | { kind: 'if'; path: string[]; parts: TemplatePart[]; otherwise: TemplatePart[] };

const TAG = /\{\{\s*(#each|#if|content)?\s*([A-Za-z_][\w.]*|\/each|\/if)\s*\}\}/g;

/** Parses a template. @throws Error where a section is not closed, or closed by another's end */
export function parseTemplate(template: string): TemplatePart[] {
  const root: TemplatePart[] = [];
  const open: { part: TemplatePart & { kind: 'each' | 'if' }; into: TemplatePart[] }[] = [];
  const here = () => open.at(-1)?.into ?? root;
  let from = 0;
  for (const match of template.matchAll(TAG)) {
    const [whole, tag, name = ''] = match;
    if (match.index > from) here().push({ kind: 'text', text: template.slice(from, match.index) });
    from = match.index + whole.length;
    const isSection = tag?.startsWith('#') === true || name === 'else' || name.startsWith('/');
    if (isSection && standsAlone(template, match.index, from)) from += 1;
    const path = name.split('.');
    if (name === '/each' || name === '/if') {
      if (open.pop()?.part.kind !== name.slice(1)) throw new Error(`{{${name}}} closes nothing.`);
    } else if (tag === undefined && name === 'else') {
      const section = open.at(-1);
      if (section?.part.kind !== 'if') throw new Error('{{else}} stands in no {{#if}}.');
      section.into = section.part.otherwise;
    } else if (tag === '#each') {
      const part = { kind: 'each' as const, path, parts: [] };
      here().push(part);
      open.push({ part, into: part.parts });
    } else if (tag === '#if') {
      const part = { kind: 'if' as const, path, parts: [], otherwise: [] };
      here().push(part);
      open.push({ part, into: part.parts });
    } else here().push({ kind: tag === 'content' ? 'content' : 'value', path });
  }
  if (open.length > 0) throw new Error('A section of the template is not closed.');
  if (from < template.length) root.push({ kind: 'text', text: template.slice(from) });
  return root;
}

/** A section's tag on a line of its own leaves no empty line behind. */
function standsAlone(template: string, start: number, end: number): boolean {
  return template[end] === '\n' && (start === 0 || template[start - 1] === '\n');
}

/** A piece of the text of a prompt, or a place where content of its own goes. */
export type Rendered = { kind: 'text'; text: string } | { kind: 'content'; path: string[] };

/**
 * Fills a template. Arguments stand as they were given; what comes from data is quoted as JSON, so that the text of a
 * memory cannot pass for the prompt's own words.
 */
export function renderTemplate(
  parts: readonly TemplatePart[],
  args: Record<string, string>,
  data: unknown,
): Rendered[] {
  const out: Rendered[] = [];
  const say = (text: string) => {
    const last = out.at(-1);
    if (last?.kind === 'text') last.text += text;
    else out.push({ kind: 'text', text });
  };
  const render = (some: readonly TemplatePart[], scopes: readonly unknown[]): void => {
    for (const part of some) {
      if (part.kind === 'text') say(part.text);
      else if (part.kind === 'content') out.push({ kind: 'content', path: part.path.slice(1) });
      else if (part.kind === 'value') say(valueText(part.path, args, scopes));
      else if (part.kind === 'each') {
        const list = lookUp(part.path, scopes);
        for (const item of Array.isArray(list) ? list : []) render(part.parts, [item, ...scopes]);
      } else render(isThere(part.path, args, scopes) ? part.parts : part.otherwise, scopes);
    }
  };
  render(parts, [{ data }]);
  return out;
}

function valueText(
  path: readonly string[],
  args: Record<string, string>,
  scopes: readonly unknown[],
): string {
  const value = lookUp(path, scopes);
  if (value !== undefined) return value === null ? 'unknown' : JSON.stringify(value);
  return args[path.join('.')] ?? '';
}

function isThere(path: readonly string[], args: Record<string, string>, scopes: readonly unknown[]): boolean {
  const value = lookUp(path, scopes) ?? args[path.join('.')];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== false;
}

function lookUp(path: readonly string[], scopes: readonly unknown[]): unknown {
  for (const scope of scopes) {
    const value = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), scope);
    if (value !== undefined) return value;
  }
  return undefined;
}
