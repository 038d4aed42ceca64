import type { PromptArgument } from '../src/manifest.ts';

export interface FrontMatter {
  title: string;
  description: string;
  /** Name of the operation that answers the data. */
  data: string | undefined;
  arguments: PromptArgument[];
  body: string;
}

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/;
const LINE = /^( {2})?([A-Za-z][A-Za-z0-9_]*)(\?)?:(?: (.*))?$/;

/**
 * Reads a prompt file: `title`, `description` and `data` as one line each, and under `arguments:` one indented line
 * for each argument with what it means; `name?:` is one that may be left out.
 */
export function readFrontMatter(text: string, report: (problem: string) => void): FrontMatter {
  const [, head = '', body = ''] = FRONT_MATTER.exec(text) ?? [];
  if (head === '') report('a prompt begins with front matter between two lines of ---.');
  const fields = new Map<string, string>();
  const args: PromptArgument[] = [];
  for (const line of head.split('\n')) {
    const [matched, indent, name = '', optional, value = ''] = LINE.exec(line) ?? [];
    if (matched === undefined) report(`the front matter has a line that is no "name: text": ${line}`);
    else if (indent === undefined) fields.set(name, value.trim());
    else args.push({ name, description: value.trim(), required: optional === undefined });
  }
  for (const name of fields.keys()) {
    if (!['title', 'description', 'data', 'arguments'].includes(name))
      report(`the front matter knows no ${name}.`);
  }
  for (const name of ['title', 'description']) if (!fields.get(name)) report(`${name} is missing.`);
  for (const { name, description } of args) if (description === '') report(`${name}: say what it means.`);
  return {
    title: fields.get('title') ?? '',
    description: fields.get('description') ?? '',
    data: fields.get('data'),
    arguments: args,
    body: body.trim(),
  };
}
