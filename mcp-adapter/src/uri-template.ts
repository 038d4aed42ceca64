import { UriTemplate, type Variables } from '@modelcontextprotocol/server';

/** The variables of a template `scheme://host/{a}/path{?b,c*}`. */
export interface TemplateVariables {
  path: string[];
  query: string[];
}

const EXPRESSION = /\{(\??)([^}]+)\}/g;

/** The variables an RFC 6570 template names, in its path and in its query. */
export function parseUriTemplate(template: string): TemplateVariables {
  const variables: TemplateVariables = { path: [], query: [] };
  for (const [, operator, names = ''] of template.matchAll(EXPRESSION)) {
    variables[operator === '?' ? 'query' : 'path'].push(
      ...names.split(',').map((name) => name.replace('*', '').trim()),
    );
  }
  return variables;
}

/**
 * A template whose query variables may come in any order, repeated, or not at all, as RFC 6570 expands them.
 * The SDK's own matching wants every one of them, in order.
 */
export class ResourceUriTemplate extends UriTemplate {
  readonly #path: UriTemplate;
  readonly #query: ReadonlySet<string>;

  constructor(template: string) {
    super(template);
    this.#path = new UriTemplate(template.replace(/\{\?[^}]*\}/, ''));
    this.#query = new Set(parseUriTemplate(template).query);
  }

  override match(uri: string): Variables | null {
    const [path = '', ...query] = uri.split('?');
    const matched = this.#path.match(path);
    if (matched === null) return null;
    const variables: Variables = {};
    for (const [name, value] of Object.entries(matched)) variables[name] = decode(value);
    for (const [name, value] of new URLSearchParams(query.join('?'))) {
      if (!this.#query.has(name)) return null;
      const before = variables[name];
      variables[name] =
        before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
    }
    return variables;
  }
}

function decode(value: string | string[]): string | string[] {
  return Array.isArray(value) ? value.map(decodeOne) : decodeOne(value);
}

/** A URI with a broken escape names nothing: it is taken as it stands. */
function decodeOne(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Fills `{name}` in a text: a list stands as how many it has, what is missing as nothing. */
export function fillText(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (Array.isArray(value)) return String(value.length);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
  });
}
